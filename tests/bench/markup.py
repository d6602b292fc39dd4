"""HTML as mail programs write it, with places to fill: what Gmail, Word and a sender of newsletters put around text."""

GMAIL_LINE = "<div>{words}</div><div><br></div>"
GMAIL_QUOTE = (
    '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
    'Le lun. 4 janv. 2021 à 08:30, {who} &lt;<a href="mailto:a@example.net">a@example.net</a>&gt; a écrit :<br></div>'
    '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
    'padding-left:1ex">{words}</blockquote></div>'
)
WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta name=Generator content='Microsoft Word 15'>"
    "<style><!--\n{style}--></style></head><body lang=FR link='#0563C1'><div class=WordSection1>{body}</div>"
    "</body></html>"
)
WORD_STYLE = (
    "p.Mso{n}, li.Mso{n}, div.Mso{n} {{margin:0cm;font-size:11.0pt;font-family:'Calibri',sans-serif;"
    "mso-style-priority:{n};}}\n"
)
WORD_LINE = (
    "<p class=MsoNormal><span style='mso-fareast-language:EN-US'>{words}<o:p></o:p></span></p>"
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
)
LETTER = '<html><body bgcolor="#f4f4f4"><center>{pieces}</center></body></html>'
LETTER_PIECE = (
    '<table width="600" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;background:#ffffff">'
    '<tr><td style="padding:12px 24px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px;'
    'color:#333333"><h2 style="margin:0 0 8px;font-size:20px">{title}</h2><p style="margin:0 0 12px">{words}</p>'
    '<a href="https://lettre.example.org/c/{token}?utm_source=lettre&amp;utm_medium=courriel" '
    'style="color:#0a66c2;text-decoration:none"><b>Lire la suite</b></a></td></tr></table>'
)
