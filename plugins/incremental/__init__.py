"""Building what changed: the posts of the last build by a few columns, and which files of the site each change reaches.

Nothing here is needed for a site to be right. Without a folder to remember in (`MUR_SITE`), with another theme, after a
change of program, settings or templates, and whenever something is in doubt, all of it is built.
"""
