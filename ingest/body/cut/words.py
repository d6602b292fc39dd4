"""The words by which mail clients mark what they add, by language: French first, then its neighbours, then the others.

One more language is one more row. Everything is matched on text whose no-break spaces were made plain.
"""

from __future__ import annotations

import re

# --- header blocks: "De : … Envoyé : … À : … Objet : …"
# One row a language: from / date / to / copy / subject / reply-to. Outlook, Apple Mail, Thunderbird, Gmail, Yahoo,
# Orange.
_HEADERS = {
    "fr": "de,expéditeur,émetteur,de la part de/envoyé,envoyé le,date,date d'envoi,message du,reçu le/à,a,pour,"
    "destinataire,destinataires/cc,cci,copie,copie à,copies/objet,sujet/répondre à",
    "en": "from/sent,date,sent on,sent at/to/cc,bcc,copy/subject/reply-to,reply to",
    "ca": "de/enviat,enviat el,data/per a,a/còpia,cc/assumpte,tema/respon a",
    "es": "de,desde/enviado,enviado el,fecha/para,a/cc,cco/asunto/responder a",
    "de": "von/gesendet,datum,gesendet am/an/kopie,cc/betreff/antwort an",
    "it": "da,mittente/inviato,data,inviato il/a/cc,ccn/oggetto/risposta,rispondi a",
    "pt": "de/enviado,enviada,enviada em,enviado em,data/para/cc/assunto/responder para",
    "nl": "van/verzonden,verstuurd,datum/aan/kopie,cc/onderwerp/antwoord aan",
    "da": "fra/sendt,dato/til/cc,kopi/emne/svar til",
    "sv": "från/skickat,datum/till/kopia/ämne/svar till",
    "fi": "lähettäjä/lähetetty,päivämäärä,päiväys/vastaanottaja/kopio/aihe/vastaus",
    "pl": "od,nadawca/wysłano,wysłane,data/do,adresat/dw,udw,kopia/temat/odpowiedź do",
    "cs": "od,odesílatel/odesláno,datum/komu,pro/kopie/předmět/odpovědět",
    "sk": "od,odosielateľ/odoslané,dátum/komu,pre/kópia/predmet/odpovedať",
    "hr": "šalje,od/poslano,datum/prima,za/kopija/predmet/odgovori",
    "hu": "feladó/elküldve,dátum/címzett/másolat,másolatot kap/tárgy/válaszcím",
    "ro": "de la,expeditor/trimis,dată,data/către/cc/subiect/răspunde la",
    "et": "saatja,kellelt/saadetud,kuupäev/saaja,adressaat,kellele/koopia/teema/vasta",
    "el": "από/στάλθηκε,ημερομηνία/προς/κοιν/θέμα/απάντηση",
    "ru": "от,от кого,отправитель/дата,отправлено/кому/копия/тема/ответить",
    "uk": "від,від кого,відправник/дата,надіслано/кому/копія/тема/відповісти",
    "tr": "kimden,gönderen/tarih,gönderilen,gönderildi,gönderme/kime,alıcı/bilgi/konu/yanıtla",
    "ja": "差出人,送信者/日付,送信日時,日時/宛先/cc/件名/返信先",
    "zh": "发件人,寄件者,發件人/日期,发送时间,傳送時間/收件人/抄送/主题,主旨/回复",
}
_ORDER = ("from", "date", "to", "copy", "subject", "reply")


def _fields() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in _HEADERS.values():
        for name, words in zip(_ORDER, row.split("/"), strict=True):
            table.update(dict.fromkeys(words.split(","), name))
    return table


FIELDS = _fields()
"""A header's word in lower case, without its colon, and the field that it names."""
LONGEST_FIELD = max(map(len, FIELDS))
RUN_ON_FIELD = re.compile(
    "("
    + "|".join(sorted((re.escape(w.capitalize()) for w in FIELDS if len(w) > 1), key=len, reverse=True))
    + r"|A|À|CC) ?:"
)
"""A field anywhere in a line: Yahoo's plain text runs the whole header block together."""

# --- marks: "-----Message d'origine-----", "Début du message réexpédié :"
_MESSAGE = re.compile(
    r"messag|mensa[jg]|missatge|mesaj|nachricht|bericht|besked|meddel|melding|viesti|wiadomo|zpráv|správ|üzenet|levél"
    r"|сообщ|повідом|лист|iletil?|poruk|mail|courriel|courrier|correo|brev|kiri|メッセージ|邮件|郵件|μήνυμα",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"transf[ée]r|réexp[ée]di|forward|reenvia|weitergeleitet|inoltrat|encaminhad|doorgestuurd|videresend|vidarebefordra"
    r"|edelleenlähet|välitet|przekaz|przesłan|přepos|předáv|prepos|proslij|továbbít|redirec[țt]ion|edastatud|προωθ"
    r"|перес[ыи]л|переслан|переадрес|перенаправ|i̇?leti?l|yönlendir|転送|转发|轉寄",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"origin|ursprüngl|oorspronk|oprindel|opprinn|ursprung|alkuperä|oryginal|původn|pôvodn|eredeti|исходн|оригинал"
    r"|izvorn|orijinal|αρχικό|元の|原始|reply|réponse",
    re.IGNORECASE,
)
_BY_SOMEBODY = re.compile(r"^(?:forwarded by|transféré par|réexpédié par|weitergeleitet von) ", re.IGNORECASE)
"""Lotus Notes: "----- Transféré par Jean Dupont/Mairie le 06/06/2022 10:12 -----"."""


def mark(phrase: str) -> str:
    """What a phrase between dashes, or before a colon, says of what follows: `forward`, `original`, or nothing."""
    if _BY_SOMEBODY.match(phrase):
        return "forward"
    if not _MESSAGE.search(phrase):
        return ""
    if _FORWARDED.search(phrase.lower()):
        return "forward"
    return "original" if _ORIGINAL.search(phrase) else ""


# --- attributions: "Le lun. 6 juin 2022 à 10:12, Jean Dupont <…> a écrit :"
WROTE = re.compile(
    r"\b(?:a écrit|avez écrit|as écrit|écrivait|écrit|wrote|writes|escribió|escribio|va escriure|ha escrit|ha escrito"
    r"|schrieb|ha scritto|scrive|escreveu|schreef|geschreven|skrev|kirjoitti|napisała?|napisał\(a\)|napsala?|napísala?"
    r"|napisao|írta|a scris|kirjutas|написала?|пишет|писала?|пише|написав|yazdı|έγραψε)(?!\w)|写道|寫道|書きました",
    re.IGNORECASE,
)
TOLD = re.compile(
    r"\b(?:nous|vous|lui|leur|me|te|m['’]|t['’]|l['’]|y|en)\s?(?:a|ai|avait|ont|avaient) écrit", re.IGNORECASE
)
"""A person telling that somebody wrote to them: no mail client speaks so."""

_YEAR = r"(?:199\d|20\d\d)"
_MONTH = r"[^\W\d_]{3,12}"
DATE = re.compile(
    rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-](?:{_YEAR}|\d\d)\b|\b{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}\b"
    rf"|\b\d{{1,2}}(?:er|st|nd|rd|th|[.ºª])? ?(?:de |d['’])?{_MONTH}\.?,? ?(?:de |del )?{_YEAR}\b"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}\b|\b{_YEAR}\. ?{_MONTH}\.? \d{{1,2}}\b"
    rf"|{_YEAR} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?日",
    re.IGNORECASE,
)
"""A date that has its year, and one since there has been mail."""
TIME = re.compile(
    r"\b\d{1,2} ?[:h.] ?\d\d(?::\d\d)?\b(?: ?[ap]\.?m\b\.?)?|\b\d{1,2} ?[ap]\.?m\b|[上下]午 ?\d{1,2}:\d\d",
    re.IGNORECASE,
)
