history-table = { $label }, table
history-newest = { $label }, the newest first
history-when = When
history-who = Who
history-what = What
history-before = Before
history-after = After
history-back = All sections of { $service }
history-response = <span class="nhsuk-caption-l">Audit year { $year }</span>History of the response of { $service }
history-response-about = Who changed which answer, the newest first. <a href="{ $download }">Download as CSV</a>.
history-nobody = Nobody has answered anything yet. Every answer that is saved will stand here.
history-back-to-newest = Back to the newest
history-older = Older
history-heading = History
history-about = Everything that was done, the newest first. Nothing can be changed in it unnoticed.
history-choose = Choose what to show
history-show = Show
history-download = Download as CSV
