"""An old Blogger blog brought in, its addresses kept: `mur import-blogger`.

`sources` finds the export, `feed` reads it, `converting` makes a draft of each entry in a child with limits, `taking`
hands the drafts to the store and has them accepted under their old dates, `redirects` writes what leads from the
addresses that only Blogger had.
"""
