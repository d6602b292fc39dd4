"""An old blog of three hundred posts, written here, as both formats of Blogger's export; some of it is hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from PIL import Image

BLOG = "tag:blogger.com,1999:blog-4711"
CANARY = "canari.secret"
"""Stands in every address of a person: nothing that is published may hold it."""
PROFILE = "https://www.blogger.com/profile/09876543210987654321"
HOST = "http://lecafe-essai.blogspot.com"
PICTURES = "https://1.bp.blogspot.com/-aBc/AAA"

TITLES = (
    "La table d’hôtes du jeudi", "Compte rendu de la réunion", "Un poème pour la rentrée", "Appel aux tricoteuses",
    "Le marché, côté pluie", "Merci pour les chaises", "Lecture à voix haute", "Où en est le local ?",
)  # fmt: skip
WORDS = (
    "On s’est retrouvés à douze autour de la grande table, et la soupe a suffi.",
    "Il faudra des bras samedi pour porter les bancs jusqu’à la halle.",
    "Le débat a duré plus tard que le dernier bus, personne ne s’en est plaint.",
    "Qui aurait une cafetière de vingt tasses à prêter pour la fête ?",
)
LABELS = ("entraide", "vie privée", "La Mure", "fête & repas", "canal")
HOSTILE = (
    "<script>document.title='piraté'</script><p>avant</p>",
    '<img src=x onerror="alert(1)"><p>image</p>',
    '<a href="javascript:alert(1)">cliquez</a> <a href="JaVa&#9;Script:alert(2)">ici</a>',
    "<svg onload=alert(1)><text>dessin</text></svg><math><mi>x</mi></math>",
    "<style>body{display:none}</style><p style=\"background:url('https://t.invalid/p')\">style</p>",
    '<iframe src="https://mauvais.invalid/cadre" onload=alert(1)></iframe><p>cadre</p>',
    '<iframe src="https://www.youtube.com/embed/abcDEF12345" width=560></iframe>',
    '<a href="{static}/../../mur.toml">{static}/../mur.toml</a> {attach}x {{ SITEURL }} {% raw %}',
    '<form action="https://mauvais.invalid/"><input name=mdp><button>ok</button></form>',
    "<p>\n\nTitle: autre chose\nStatus: published\nSave_as: ../../index.html</p>",
    "<object data=javascript:alert(1)></object><embed src=//mauvais.invalid/x.swf><base href=https://mauvais.invalid/>",
    "&lt;script&gt;alert(1)&lt;/script&gt; **[x](javascript:alert(1))** <!-- commentaire --> <p>[^1]: note</p>",
    '<meta http-equiv=refresh content="0;url=https://mauvais.invalid/"><link rel=stylesheet href=//mauvais.invalid/>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript><p>fin</p>",
)
HOSTILE_TITLES = (
    "Titre\nStatus: draft\nSave_as: ../index.html", "<script>alert(1)</script> & compagnie", "Author: quelqu’un",
    "{static}/x {{ 7*7 }}", f"Écrire à zoe@{CANARY}.example.org",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One entry; `path` is empty for comments."""

    what: str
    id: str
    title: str
    html: str
    published: datetime
    path: str = ""
    labels: tuple[str, ...] = ()
    status: str = "LIVE"
    parent: str = ""
    author: str = "Marcelle"
    updated: datetime | None = None


def slug_of(number: int) -> str:
    """Slugs as Blogger makes them: cut, with a number behind, of no title at all."""
    return (f"la-table-dhotes-du-jeudi-{number}", f"compte-rendu_{number:02d}", f"blog-post_{number}")[number % 3]


def posts(count: int = 300) -> list[Made]:
    """Posts of four years, one every five days, hostile ones among them, with a picture in every tenth."""
    first = datetime(2018, 1, 3, 17, 30, tzinfo=UTC)
    made = []
    for n in range(count):
        when = first + timedelta(days=5 * n, minutes=7 * n)
        body = f"<div dir=ltr>{WORDS[n % 4]}<br/><br/>{WORDS[(n + 1) % 4]} Message {n}.</div>"
        if n % 6 == 5:
            body += HOSTILE[n // 6 % len(HOSTILE)]
        if n % 50 == 1:
            body += f'<p>Voir <a href="{HOST}{made[0].path}?m=1">le début</a>.</p>'
        if n % 10 == 3:
            full = f"{PICTURES}/s1600/photo+{n}.jpg"
            body = (
                f'<div class="separator"><a href="{full}"><img border="0" src="{PICTURES}/s320/photo+{n}.jpg"'
                f' alt="La halle"></a></div>{body}'
            )
        title = HOSTILE_TITLES[n // 17 % len(HOSTILE_TITLES)] if n % 17 == 16 else TITLES[n % len(TITLES)]
        made.append(
            Made(
                what="POST", id=f"{BLOG}.post-{1000 + n}", title="" if n % 3 == 2 else title, html=body, published=when,
                path=f"/{when:%Y/%m}/{slug_of(n)}.html", labels=(LABELS[n % 5], *(("jeudi",) if n % 7 == 0 else ())),
                updated=when + timedelta(days=40) if n % 9 == 0 else when,
            )
        )  # fmt: skip
    return made


def blog(count: int = 300) -> list[Made]:
    """Everything: posts, two comments under every fourth, pages, and what must not be taken."""
    made = posts(count)
    for n, post in enumerate(made[::4]):
        for second in (0, 1):
            made.append(
                Made(
                    what="COMMENT", id=f"{BLOG}.post-{9000 + 2 * n + second}", title="Bravo",
                    html=f"Bravo pour le message {4 * n}.<br>À jeudi ! {HOSTILE[n % len(HOSTILE)] if second else ''}",
                    published=post.published + timedelta(hours=3 + second), parent=post.id,
                    author=f"Zoé zoe@{CANARY}.example.org" if second else "Voisine",
                )
            )  # fmt: skip
    when = datetime(2019, 5, 1, 9, tzinfo=UTC)
    made += [
        Made(what="PAGE", id=f"{BLOG}.post-1", title="Qui nous sommes", html="<p>Des voisines et des voisins.</p>",
             published=when, path="/p/qui-nous-sommes.html"),
        Made(what="PAGE", id=f"{BLOG}.post-2", title="Où ?", html="<p>Au local.</p>", published=when,
             path="/p/blog-page_3.html"),
        Made(what="POST", id=f"{BLOG}.post-3", title="Brouillon", html="<p>brouillon-secret</p>", published=when,
             status="DRAFT", path="/2019/05/brouillon.html"),
        Made(what="POST", id=f"{BLOG}.post-4", title="Jeté", html="<p>corbeille-secrete</p>", published=when,
             status="SOFT_TRASHED", path="/2019/05/jete.html"),
        Made(what="COMMENT", id=f"{BLOG}.post-5", title="", html="sous le brouillon", published=when,
             parent=f"{BLOG}.post-3"),
        Made(what="POST", id=f"{BLOG}.post-6", title="Adresse à majuscules", html="<p>Texte.</p>", published=when,
             path="/2019/05/Ete.Fete.html"),
        Made(what="POST", id=f"{BLOG}.post-7", title="Minuit ailleurs", html="<p>Bonne nuit.</p>",
             published=datetime(2019, 8, 1, 6, 30, tzinfo=UTC), path="/2019/07/minuit-ailleurs.html"),
    ]  # fmt: skip
    return made


def takeout(made: Iterable[Made], *, pictures: bool = True) -> bytes:
    """A .zip as Google Takeout gives it."""
    made = list(made)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Takeout/Blogger/Blogs/Le café/feed.atom", present(made))
        archive.writestr("Takeout/Blogger/Blogs/Le café/settings.csv", f"blog_admin,zoe@{CANARY}.example.org\n")
        archive.writestr("Takeout/Blogger/Comments/feed.atom", "<feed xmlns='http://www.w3.org/2005/Atom'/>")
        archive.writestr("__MACOSX/Takeout/Blogger/Blogs/Le café/._feed.atom", b"\0")
        for n in range(3, 300, 10) if pictures else ():
            archive.writestr(f"Takeout/Blogger/Albums/Le café/photo {n}.jpg", picture(n))
    return out.getvalue()


def picture(n: int) -> bytes:
    """A small photo of its own, with an EXIF comment that nobody may see."""
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = f"zoe@{CANARY}.example.org"
    Image.new("RGB", (320 + n, 240), (n % 256, 90, 60)).save(data, "JPEG", exif=exif)
    return data.getvalue()


def present(made: Iterable[Made]) -> str:
    """The `feed.atom` of a Takeout."""
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        f"<id>{BLOG}</id><title>Le café</title>{''.join(map(_present, made))}</feed>"
    )


def _present(it: Made) -> str:
    labels = "".join(f"<category scheme='{BLOG}' term=\"{escape(label)}\"/>" for label in it.labels)
    parent = f"<blogger:parent>{it.parent}</blogger:parent><blogger:inReplyTo/>" if it.parent else ""
    filename = f"<blogger:filename>{escape(it.path)}</blogger:filename>" if it.path else ""
    return (
        f"<entry><id>{it.id}</id>{parent}<blogger:type>{it.what}</blogger:type>"
        f"<blogger:status>{it.status}</blogger:status>"
        f"<author><name>{escape(it.author)}</name><uri>{PROFILE}</uri><email>x@{CANARY}.example.org</email>"
        f"<blogger:type>BLOGGER</blogger:type></author><title>{escape(it.title)}</title>"
        f"<content type='html'>{escape(it.html)}</content><blogger:metaDescription/>"
        f"<blogger:created>{it.published.isoformat()}</blogger:created><published>{_z(it.published)}</published>"
        f"<updated>{_z(it.updated or it.published)}</updated>{labels}{filename}<blogger:trashed/></entry>"
    )


def old(made: Iterable[Made]) -> str:
    """The older `blog-MM-DD-YYYY.xml`."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href=\"x.css\" type=\"text/css\"?>"
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:gd='http://schemas.google.com/g/2005'>"
        f"<id>{BLOG}.archive</id><title>Le café</title>"
        f"<entry><id>{BLOG}.layout</id>{_kind('template')}<title>Modèle</title><content>b:skin</content></entry>"
        f"<entry><id>{BLOG}.settings.X</id>{_kind('settings')}<content>zoe@{CANARY}.example.org</content></entry>"
        f"{''.join(map(_old, made))}</feed>"
    )


def _kind(word: str) -> str:
    scheme = "http://schemas.google.com/g/2005#kind"
    return f"<category scheme='{scheme}' term='http://schemas.google.com/blogger/2008/kind#{word}'/>"


def _old(it: Made) -> str:
    labels = "".join(f"<category scheme='http://www.blogger.com/atom/ns#' term=\"{escape(x)}\"/>" for x in it.labels)
    draft = "<app:control><app:draft>yes</app:draft></app:control>" if it.status != "LIVE" else ""
    link = f"<link rel='alternate' type='text/html' href='{HOST}{escape(it.path)}' title='x'/>" if it.path else ""
    parent = f"<thr:in-reply-to href='{HOST}/x' ref='{it.parent}' type='text/html'/>" if it.parent else ""
    local = it.published.astimezone(datetime.strptime("+0200", "%z").tzinfo)
    return (
        f"<entry><id>{it.id}</id><published>{local.isoformat(timespec='milliseconds')}</published>"
        f"<updated>{_z(it.updated or it.published)}</updated>{draft}{_kind(it.what.lower())}{labels}"
        f"<title type='text'>{escape(it.title)}</title><content type='html'>{escape(it.html)}</content>{link}{parent}"
        f"<author><name>{escape(it.author)}</name><uri>{PROFILE}</uri><email>noreply@{CANARY}.example.org</email>"
        f"<gd:image rel='x' src='//x'/></author></entry>"
    )


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
