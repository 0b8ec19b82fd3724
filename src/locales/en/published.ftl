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
published-benchmarks = Benchmarks
published-benchmarks-about = How the services compare in the clinical KPIs, of the data that the report rests on. A difference between services can be chance, or a difference in their patients.
published-n = { $services ->
    [one] one service
   *[other] { $services } services
  }
published-benchmark-national = All services together: { $national }. The middle service: { $median }. { $services ->
    [one] One service has
   *[other] { $services } services have
  } this figure.
published-benchmark-outliers = A service is called an outlier only after it has checked its data, has been told and heard, and the figure stands. { $outliers ->
    [0] None is.
    [one] One is.
   *[other] { $outliers } are.
  }
published-benchmark-withheld = { $withheld ->
    [one] One figure is
   *[other] { $withheld } figures are
  } withheld: of 1 to 4 patients, or what would give such a number away.
published-benchmark-file = This table as a CSV file
