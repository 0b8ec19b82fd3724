gaps-choose = Choose what to show
gaps-audit-year = Audit year
gaps-area = Area
gaps-all-you-see = All that you can see
gaps-role = Role in chart and tables
gaps-standard = Staffing standard
gaps-name = Name or code of a service
gaps-show = Show
gaps-heading = <span class="nhsuk-caption-l">{ $names }</span>Staffing gap: { $place }
gaps-workbook = Download as a workbook (Excel)
gaps-uncovered = Hospitals in no service
gaps-costs = What closing the gap costs
gaps-demand = The need by three views: ratio, workload, like services
gaps-scenario = Make a scenario
gaps-totals = Totals
gaps-totals-about = The recommendation does not say which population it means, so every figure is given for both. WTE are whole-time equivalents; a range comes from the range of the recommendation. Positive is short.
gaps-counted = Services counted<br><span class="app-small">and missing</span>
gaps-in-post-wte = In post, WTE
gaps-need-wte = Need, WTE
gaps-net = Net gap, WTE<br><span class="app-small">surpluses count against</span>
gaps-shortfalls = Sum of shortfalls, WTE<br><span class="app-small">short services alone</span>
gaps-cover = Cover<br><span class="app-small">in post ÷ need</span>
gaps-positions = Services below, within, at or above the range
gaps-never-funded = Never funded, WTE<br><span class="app-small">need − funded posts</span>
gaps-vacant = Funded and vacant, WTE
gaps-everybody = Need of everybody in the area, WTE
gaps-figures = The figures of this chart as a table
gaps-figures-table = Figures of the chart, table
gaps-service = Service
gaps-in-post = In post
gaps-recommended-reported = Recommended, as reported (all ages)
gaps-recommended-50 = Recommended, aged 50 and over
gaps-not-given = not given
gaps-nothing = No service that you can see counts in { $place } for this round, so there is no gap to show. What is known of the area itself is below.
gaps-method = How these figures come about
gaps-staff-as-at = Staff are as on { $staffing_as_at }. Only submitted answers count.
gaps-arithmetic = Need is population ÷ the upper and the lower end of the population range; gap = need − in post; cover = in post ÷ need. Figures are computed unrounded and printed to 0.01 WTE.
gaps-estimated-about = A population marked “estimated” was worked out from the people of all ages whom the service reported and the share of people aged 50 and over in its area.
gaps-areas-as-at = Areas are grouped as at { $geography }. A service counts in its host area alone, even where it sees patients of the next.
gaps-services-table = Services, table
gaps-reported = As reported (all ages)
gaps-50 = Aged 50 and over
gaps-yours = (yours)
gaps-business-case = Business case
gaps-needs = needs { $need }
gaps-estimated = estimated
gaps-no-service = No service has that in its name or code. <a href="{ $without_text }">Show all services</a>.
gaps-areas = Areas: { $role }
gaps-areas-about = Net gap lets a surplus count against a shortage; the sum of shortfalls does not, because a surplus next door treats nobody. Hospitals without a service are hip fracture hospitals that no service covers, with the fracture patients that would be expected there in a year. A service counts in its host area alone. Geography as at { $geography }.
gaps-areas-table = Areas, table
gaps-areas-caption = Sums of each area for { $role }, WTE
gaps-without-service = Hospitals without a service
gaps-counted-missing = Services counted (missing)
gaps-net-gap = Net gap
gaps-shortfall-sum = Sum of shortfalls
gaps-need-everybody = Need of everybody
gaps-hospitals = Hospitals
gaps-expected-cases = Expected cases
gaps-without-figure = { $unmapped_without } without a figure
gaps-what-there-is = What there is
gaps-year-link = Audit year { $text }
gaps-all-areas = All areas that you can see
gaps-services = Services: { $role }
gaps-totals-caption = Totals, { $label }
gaps-chart = { $role }: in post and recommended
gaps-chart-caption = { $role } in post and recommended, WTE
