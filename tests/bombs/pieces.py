"""Pieces of text, of HTML and of header fields that cost much when they are repeated."""

from __future__ import annotations

TEXTS = (
    *("[", "![", "[](<", "[a](", '[]("', "[a]: b\n", "[a][b] ", "<![CDATA[", "<!--", "<?", "<http://a", "<a"),
    *("<a@b> ", "a\n=\n", "\\*", "&amp;", "&#", "*[abbr]: x\n", "a\n: b\n", "a|b\n", "|", "'a\" ", "[^1]: x\n"),
    *("[^1] ", "`", "`a``", "* ", "> ", ">", "- ", "- a\n", "- a\n\n", "1. a\n", "    - a\n", "# a\n", "---\n", "*a"),
    *("_a ", "**a_", "_*", "\n", " \n", "a\n", "a\n\n", "> a\n\n", "> a\nb\n", ">>>> a\n", "a ", "a. ", "é"),
    *("\u0301", "\u200b", "\t", "aaaaaaaaab", "De : a\n", "De : a\nDate : b\nObjet : c\n\n"),
    *("From: a\nSent: b\nTo: c\nSubject: d\n\n", "Le ", "On ", "El ", "Am ", "Le 8 juin 2022 "),
    *("Le 8 juin 2022, Marcel a écrit :\n", "Le 8 juin 2022 à 10:12, Marcel <", "a écrit :\n> b\n\n", "-- \n"),
    *("-- \na\n", "--\n", "____\n", "Cordialement,\n", "Cordialement,\nMarcel\n\n", "Envoyé de mon iPhone\n"),
    *("-----Message d'origine-----\n", "---------- Forwarded message ---------\n"),
    *("Début du message transféré :\n\n", "a@", "a.", "a@a.", "a.a@a.fr ", "0 ", "06 ", "06.", "+33 ", "(0)"),
    *("06 12 34 56 78 ", "1 rue ", "12 rue de la Paix ", "75002 ", "75002 Paris\n", "12 rue a\n75002 Paris\n"),
    *("https://", "http://a.", "www.", "https://a.fr/?utm_source=", "https://a.fr/?u=https%3A%2F%2F"),
    *("https://a.fr/(", "#a ", "#a", "Titre : a\n", "Titre :", "Mots-clés : a,", "Date : 12 ", "« ", "(", "12 juin "),
    *("le 12/06/2022 à 18 h ", "Signez ici : https://a.fr\n", "Unsubscribe: https://a.fr\n", "=C3=A9"),
    *("confidentiel ", "This message is confidential ", "_______________________________________________\n", "·"),
    *("~~~\n",),
)  # fmt: skip

MARKUP = (
    *("<div>", "<b><p>", "<b>", "<i>a", "<a><b><i><p>", "<ul><li>", "<ul>", "<li>a", "<ol><li>a", "<blockquote>"),
    *("<p>", "<br>", "<table><tr><td>", "<td>a", "<tr><td>a", "<font>", "<span style='color:red'>a"),
    *("<div class=gmail_quote>a", "<h1>a", "<pre>a\n", "<img src=cid:a>", "<img src=http://a/b>"),
    *("<img src='data:image/png;base64,AAAA'>", "<a href=https://a.fr>x</a>", "<a href=x>"),
    *("<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>· a", "<b>a</b><i>b</i>", "<b>a</b>"),
    *("a<b>b</b>c<i>d</i>", "<p>&nbsp;</p>", "&nbsp;", "&amp;", "&#", "&#x41;", "&lt;", "<", "<a", "</a ", "</styl"),
    *("<style>", "<style>a</style>", "<!--", "<!-- a -->", "<!", "<?", "<![CDATA[", "<svg>", "<math><mtext>"),
    *("<template>", "<select><option>", "<script>", "<o:p>", "<textarea>", "<title>", "<form><input>"),
    *("<code>a</code>", "<hr>", "<sup>a", "<div dir=ltr><br></div>", "a<br>", "<table><tr><td>a<td>b</table>"),
    *("<caption>", "<center>", "<dl><dt>a<dd>b", "<details>", "<audio>", "<u></u>", "<div>a</div><div><br></div>"),
    *("<p style='display:none'>a</p>", "<a href='https://a.fr?url=https%3A%2F%2Fb.fr'>a</a>"),
    *("<blockquote type=cite>a<br>", "<div id=appendonsend></div>"),
    *("<div>De : a</div><div>Date : b</div><div>Objet : c</div>", "<p>[", "<p>|", "<p>`", "<p>*", "<p>- a", "<p># a"),
    *("<i>*</i>", "<b>_</b>a", "<p>a@b.fr ", "<p>Le 8 juin 2022 a écrit :"),
)  # fmt: skip

NESTED = (
    "div",
    "b",
    "i",
    "a href=https://a.fr",
    "ul",
    "blockquote",
    "table",
    "span",
    "font color=red",
    "pre",
    "h2",
    "p",
)

FIELDS = {
    "Subject": (
        "=?utf-8?q?=C3=A9?= ",
        "=?utf-8?q?",
        "=?utf-8?b?w6k=?=\r\n ",
        "Re: ",
        "[a] ",
        "[",
        "Fwd: TR : ",
        "a@",
        "é ",
        "(",
        "06 12 ",
    ),
    "From": ("a@example.org, ", "(", '"', "<", "=?utf-8?q?=C3=A9?= ", "a <"),
    "To": ("a@example.org, ", "((((", '"', "<"),
    "Date": ("1 ", "(", ","),
    "References": ("<a", "<a@b> "),
    "Message-ID": ("<",),
    "Content-Type": ("; a=b", "(", "text/plain; a*0*=utf-8''%C3; ", "multipart/mixed; boundary=", '"'),
    "Authentication-Results": ("mx; ", "(", "mx; dmarc=pass ", '"'),
    "Received": ("from ", "("),
    "List-Id": ("<",),
}
