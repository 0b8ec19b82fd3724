published-heading = Published rounds
published-about = The rounds of the facilities audit whose report is out.
published-none = No round is published yet. A round appears here once its report is out.
published-staffing = Staffing of services
published-staffing-about = { $names }. Whole-time equivalents (WTE) in post, as the services submitted them. Where less than one whole post is filled the figure is not shown, since it can be one person: it says “under 1”. Where the total of the region would give such a figure away, another is withheld with it. <a href="/published">Other rounds</a>.
published-table = Staffing of services, table
published-caption = Nurses and administrators in post by service, WTE
published-service = Service
published-nurses = Nurses
published-administrators = Administrators
published-no-staffing = No service submitted its staffing in this round.
published-report = National report
published-data = Open data
