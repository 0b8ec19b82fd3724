report-title = National report, audit year { $year }
report-contents = Contents
report-synthetic = Synthetic data – every service and figure here is invented
report-draft = This is a draft: it rests on the data as they stand now, which still move. Cut the data and begin the preview to have a report that quotes its cut.
report-embargo = Under embargo until the report is out: read it, say what is wrong, and pass nothing on.
report-embargo-until = Under embargo until 9:30am on { $day }: read it, say what is wrong, and pass nothing on.
report-took-part = { $year }: { $clinical } services count in the clinical figures, with { $records } patient records, and { $facilities } in the facilities figures; { $linked } are in both.
report-matched = “Matched” is over the services that count in both years: { $clinical } in the clinical figures, { $facilities } in the facilities figures. A change over all services is also a change of which services took part.
report-unmapped = In { $year } { $hospitals ->
    [one] one hospital that treats hip fractures was
   *[other] { $hospitals } hospitals that treat hip fractures were
  } covered by no service ({ $percent } of all).
report-kpi = KPI { $kpi } ({ $name }) was { $percent } in { $year }: { $numerator } of { $denominator }, over { $n ->
    [one] one service
   *[other] { $n } services
  }.
report-kpi-1 = { $numerator } of { $denominator } services ({ $percent }) had complete data in { $year } (KPI { $kpi }, { $name }).
report-kpi-no-data = There are no data for KPI { $kpi } ({ $name }).
report-kpi-before = In { $year } it was { $percent }, over { $n ->
    [one] one service
   *[other] { $n } services
  }.
report-kpi-matched = Over the { $n } services that count in both years it went from { $from } to { $to }.
report-kpi-spread = Half of the services lie between { $first } and { $third }; the lowest has { $low } and the highest { $high }.
report-share-setting-acute = { $yes } of { $of } services ({ $percent }) are based in an acute setting.
report-share-prescribes = In { $yes } of { $of } services ({ $percent }) the FLS gives the first prescription.
report-share-monitoring = { $yes } of { $of } services ({ $percent }) monitor their patients.
report-share-adherence = Of the { $of } that say what their monitoring covers, { $yes } ({ $percent }) ask whether patients still take their medicine.
report-share-governance = { $yes } of { $of } services ({ $percent }) meet about governance at least every six weeks.
report-share-no-governance = { $yes } of { $of } services ({ $percent }) have no regular governance meetings.
report-share-patients = { $yes } of { $of } services ({ $percent }) have patients or carers in their governance meetings.
report-share-survey = { $yes } of { $of } services ({ $percent }) ran a survey of patients or carers.
report-share-vacancy = { $yes } of { $of } services ({ $percent }) had a post vacant for over six months.
report-target-2 = { $yes } of { $of } services ({ $percent }) identified more than 80% of the patients that were expected.
report-target-3 = { $yes } of { $of } services ({ $percent }) identified at least half of the spine fractures that were expected.
report-target-7 = { $yes } of { $of } services ({ $percent }) recommended treatment to at least half of their patients.
report-target-11 = In { $yes } of { $of } services ({ $percent }) more than half of the patients were still on treatment after a year.
report-never-seen = { $people } people who were expected to break a bone in { $year } were never seen by any service; { $uncovered } of them are the expected patients of { $hospitals ->
    [one] the one hospital
   *[other] the { $hospitals } hospitals
  } that no service covers.
report-short-of-nurses = { $services ->
    [one] One service has
   *[other] { $services } services have
  } fewer nurses than the recommended range whichever population is taken, in { $areas ->
    [one] one ICB or health board
   *[other] { $areas } ICBs and health boards
  }.
report-method-of = The figures of { $year } follow the methodology of { $methodology }.
report-method-inclusion = A service counts in the clinical figures with more than { $records } patient records, in England and Wales. The facilities figures are of every service that submitted a response.
report-method-expected = The expected caseload of a service is { $times } times the hip fractures of its hospitals.
report-method-missing = Missing is not zero: a service without an answer or a count is left out of that figure, and every figure says how many it is of. Percentages of patients are pooled over services and never cut off at 100%.
report-method-bases = Staffing is laid beside the recommendation on two populations, since it does not say which is meant: the one that services reported, of all ages, and the people aged 50 and over.
report-method-silent = Where a figure rests on fewer than { $fewest } services nothing is said of how services lie to each other, nor of a change.
report-method-cut = The report is written from a data cut and says the same whenever it is written again.
report-method-geography = Areas are those of { $day }. A service counts in its host area alone.
report-staffing = The low need is that of the upper end of the recommended population range, the high need that of its lower end. A surplus in one service treats nobody in another, so what services are short of is added up by itself.
report-associations = { $tested } pairs of what services answered and a KPI were tested over { $linked } services that have both; there is evidence for { $found ->
    [0] none of them
    [one] one of them
   *[other] { $found } of them
  }. An association is not a cause.
report-map = { $uncovered } of { $areas } ICBs and health boards have no service with a figure.
report-recommendations = How many services call for each recommendation by what they answered or by their KPIs, of those of which that can be said, and in how many ICBs and health boards these lie. Recommendation 12 is counted where nurses are below the range on both populations, 13 where a hospital has no service. What is missing calls for nothing.
report-excluded = { $services ->
    [0] Every service with counts for { $year } is in the clinical figures.
    [one] One service with counts for { $year } is not in the clinical figures.
   *[other] { $services } services with counts for { $year } are not in the clinical figures.
  }
report-dictionary = Every figure stands under a key, the same in each round, by which it can be found in the JSON of this report and laid beside what earlier reports printed.
report-outliers-screened = Of { $screened } figures of services for KPI 4 to 11, { $alarms } lie beyond three standard deviations of the national figure (alarm) and { $alerts } more beyond two (alert), on limits that are widened for the spread between services.
report-outliers-rule = A figure is called an outlier here only after its service has checked its data, has been told and heard, and the figure stands.
report-outliers-named = { $named ->
    [0] No outlier has been confirmed.
    [one] One outlier has been confirmed.
   *[other] { $named } outliers have been confirmed.
  } { $open ->
    [0] None is being looked into.
    [one] One more figure was being looked into when this was written, and is not named.
   *[other] { $open } more figures were being looked into when this was written, and are not named.
  }
report-outliers = Outliers
report-outliers-confirmed = Outliers that were confirmed
report-alert = Alert
report-alarm = Alarm
report-lower = Lower
report-higher = Higher
report-figure = Figure
report-national = National
report-level = Level
report-side = Side
report-method-not-compared = These questions are asked otherwise than in the earlier round, so no change is given for them: { $items }.
report-method-standard = { $name }: { $nurses } nurse WTE and { $administrators } administrator WTE for every { $low } to { $high } people. { $source }
report-associations-standing = { $standing } The plan of the analysis is { $plan }.
report-step-caution = { $step }: { $caution }
report-cascade-title = From fracture to lasting treatment, { $year }
report-cascade-description = A bar for each step: people expected, recorded, assessed, recommended a treatment, started on it and still on it. The last step is of another year’s people and drawn in dashes.
report-map-title = Identification of fragility fractures, { $year }: services and areas
report-map-description = Left, a mark for each service at the middle of its hospitals, as large as its expected cases, its shape the grade of its identification; crossed squares are hospitals that no service covers. Right, a tile for each area with its figure and grade, in dashes where no service has one.
report-is-of = { $part } of { $whole }
report-from-to = { $low } to { $high }
report-points = { $value } points
cascade-of-expected = { $percent }% of those expected
cascade-of-recorded = { $percent }% of those recorded
cascade-of-recommended = { $percent }% of those recommended or referred
cascade-of-recommended-in = { $percent }% of those recommended or referred in { $year }
cascade-others = other people: those of { $year }
cascade-never-seen = { $people } people never seen
cascade-fewer = { $people } people fewer than the step before
cascade-more = { $people } people more than the step before
report-services = { $value } services
report-source = { $source }.
