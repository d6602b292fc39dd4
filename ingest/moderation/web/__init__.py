"""The moderators' pages: server-rendered, phone first, everything works without JavaScript. `mur serve` runs them.

`application.create_app` builds them, `guards` says what every request has to pass, `visit` tells a view who asks and
when. A page is a blueprint named in `application.ROOMS`; it needs a login unless its view says `@public`.
"""
