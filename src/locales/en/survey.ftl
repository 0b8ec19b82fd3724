survey-submitted-by = Submitted by { $by } on { $at }.
survey-submitted-from-file = Submitted; the answers came from a file.
survey-locked = The response can be read and no longer changed; the audit team can open it again.
survey-signed-off = Signed off by { $by } on { $at }.
survey-signed-off-until = Any change of an answer undoes this.
survey-sign-off-yours = This response waits for your sign-off as clinical lead.
survey-sign-off-go = Read the answers and sign them off
survey-sign-off-needed = This round asks for a clinical lead’s sign-off: once everything is answered, ask yours to sign the response off. After that the FLS lead can submit it.
survey-read-only = You can read this response, not change it. The round is:
survey-reopen = Open the response again
survey-no-return = The service makes no return this year.
survey-not-commissioned = No service is commissioned.
survey-take-back-about = What was answered before is kept, and is there again when you take this back.
survey-take-back = Take this back and answer
survey-back = All sections of { $service }
survey-sections = { $complete } of { $sections } sections are complete.
survey-saves-itself = Each answer is saved when you leave its field; you and your colleagues can stop and come back at any time.
survey-done = { $done } of { $items } questions are answered, { $unchanged } of them as last year.
survey-left-both = Left: { $unconfirmed ->
    [one] one answer of last year to confirm
   *[other] { $unconfirmed } answers of last year to confirm
} and { $open ->
    [one] one question to answer
   *[other] { $open } questions to answer
}, about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
survey-left-unconfirmed = Left: { $unconfirmed ->
    [one] one answer of last year to confirm
   *[other] { $unconfirmed } answers of last year to confirm
}, about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
survey-left-open = Left: { $open ->
    [one] one question to answer
   *[other] { $open } questions to answer
}, about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
survey-left-nothing = Nothing is left: check your answers and submit.
survey-left-blank = { $blank ->
    [one] One text may stay empty.
   *[other] { $blank } texts may stay empty.
}
survey-carry-about = { $answers ->
    [one] One answer of last year can be brought over. It is marked until you confirm it with “Still the same”, or change it.
   *[other] { $answers } answers of last year can be brought over. Each is marked until you confirm it with “Still the same”, a section at a time or a question at a time, or change it.
}
survey-carry = Bring last year’s answers over
survey-answered = { $answered } of { $shown } answered
survey-to-confirm = { $unconfirmed } from last year to confirm
survey-to-put-right = { $errors } to put right
survey-to-explain = { $queries } to explain
survey-go-submit = Check your answers and submit
survey-go-check = Check your answers
survey-go-answers = See all answers
survey-lead-submits = The FLS lead of your service submits the response.
survey-feedback = Feedback for your governance meeting
survey-share = Hand a section to a colleague
survey-hospitals = Your hospitals and expected cases
survey-comments = Comments and answers of the audit team
survey-workbook = Fill in away from the web: download and upload a workbook
survey-print = Print all questions and answers
survey-print-blank = or the blank questionnaire
survey-history = History: who changed what
survey-submissions = Submitted versions
survey-say-no-return = Say that there is no return this year
survey-imported = Some of these answers came from a file.
surveys-heading = Survey
surveys-none = There is no round for your service yet. The audit team sets rounds up and tells you.

section-conflict = Not saved: somebody else changed an answer
section-look = There is something to look at
section-undone = Your change has undone the clinical lead’s sign-off: ask for it again.
section-saved = Saved.
section-appeared = { $appeared ->
    [one] One more question came up on this page because of your answers.
   *[other] { $appeared } more questions came up on this page because of your answers.
}
section-later = You can put right or explain what is listed above now or later.
section-close = You can close this page now, or change your answers until your link ends.
section-on = Go on to { $number } { $section }
section-on-check = Go on to check your answers
section-share = Hand this section to a colleague
section-last-changed = Last changed by { $by } on { $at }.
section-save = Save
section-saving = Saving…
section-offline = Not saved yet: the service cannot be reached. We keep trying; please keep this page open.
section-refused = Not saved. Load the page again to see why; what you typed stays in the fields until then.
section-signed-out = Not saved yet: you are no longer signed in. What you typed stays on this page: keep it open, sign in again in another window, and it is saved.
section-kept = Not saved yet: you are no longer signed in. What you typed is kept for you: sign in again, and it stands in this section, to be saved.
section-sign-in = Sign in again in another window
section-saved-at = Saved at { $at } by you
section-not-saved = Not saved: there is something to put right
section-restored = What you entered when your session had ended, on { $at }, stands here again. It is not saved yet: look at it and save.
section-discard = Do not use it: show what is saved
section-same = { $same ->
    [one] One question here was answered last year and is not confirmed yet. Read last year’s answer beside it. If it still holds, say so here; what you have changed stays as you have changed it.
   *[other] { $same } questions here were answered last year and are not confirmed yet. Read last year’s answers beside them. If they all still hold, say so here; what you have changed stays as you have changed it.
}
section-same-all = The whole section is still the same
section-hidden = { $hidden ->
    [one] One more question is asked in this section only after certain answers. It appears on this page when you save.
   *[other] { $hidden } more questions are asked in this section only after certain answers. Such a question appears on this page when you save.
}
section-save-next = Save and continue
section-save-list = Save and return to the list

item-optional = (optional)
item-or = or
item-clear = Clear this answer
item-last = Audit year { $year }:
item-carried = From last year, not confirmed
item-reworded = This question is worded otherwise than last year.
item-asked-afresh = This question is asked afresh each year.
item-last-not-known = Last year’s answer was “not known”. Is it known now?
item-other-kind = The question takes another kind of answer this year.
item-dropped = What was answered last year can no longer be chosen.
item-same = Still the same
item-explanation = Explanation:
item-conflict = { $who } changed this answer while you were working ({ $when }). Which one counts?
item-conflict-plain = { $who } changed this answer while you were working. Which one counts?
item-theirs = The saved answer:
item-mine = What you entered:
item-why = Why this answer is right
item-other-hospitals = { $others } other hospitals
item-saved-you = Saved at { $at } by you
item-saved-day-you = Saved on { $day } at { $at } by you
item-saved = Saved at { $at } by { $by }
item-saved-day = Saved on { $day } at { $at } by { $by }
comment-count = { $count ->
    [one] One comment on question { $number }
   *[other] { $count } comments on question { $number }
}
comment-none = Ask or comment on question { $number }

posts-heading = Posts
posts-about = Give a row to each role and band that the service has, in whole-time equivalents (WTE) on the staffing date of this round. You can enter WTE, such as 0.6, or hours a week, such as “22.5 hours”. What is vacant is worked out for you.
posts-counts = What counts: leave, agency staff, shared posts
posts-counts-funded = Funded: posts with money behind them, filled or not. It lets us tell a post that nobody pays for from a post that nobody has filled.
posts-counts-in-post = In post: whoever holds a post on that day. Enter 0 where nobody does; a field that is left empty says nothing.
posts-counts-leave = Maternity leave and long sick leave: the person counts as in post. Whoever stands in for them is not counted a second time.
posts-counts-bank = Bank and agency staff: count the time that they work for this service.
posts-counts-secondment = Secondment: count people where they work, for the time that they work there.
posts-counts-shared = Posts shared with other clinics: count only the share that belongs to this service. A nurse who gives it 2 days of a 5-day week is 0.4.
posts-counts-since = Vacant since: the month in which nobody held the post any more, such as May 2022. It tells us which posts were vacant for more than 6 months.
posts-counts-not-known = Where you do not know a figure, write “not known” into its field.
posts-grids-about = Give whole-time equivalents (WTE) for each role and band that the service has. Leave a field empty where there is no such post, and enter 0 for a post that counts as nothing. Write “not known” in a field where you do not know the figure.
posts-same = The posts are still the same as last year
posts-role = Role and band
posts-funded = Funded, WTE
posts-in-post = In post, WTE
posts-since = Vacant since
posts-long = Filled again after more than 6 months, WTE
posts-question = Question { $number }, WTE
posts-vacant = Vacant, WTE
posts-remove = Remove
posts-hours = { $hours } hours = { $wte } WTE
posts-audit-year = Audit year
posts-over = { $over } more than funded
posts-reported = reported: { $reported }
posts-over-six = for over 6 months
posts-together = Together, as saved
posts-long-total = { $long } for over 6 months
posts-none = There is no post in the table yet. Choose the first below.
posts-another = Another post
posts-choose = Choose a role and band
posts-add = Add this post
posts-nothing-known = If you know none of the figures of a column
posts-not-known = not known

check-moved = Not done: an answer changed while you were checking
check-moved-about = This page now shows the answers as they are. Check them again.
check-undeclared = Not submitted: the declaration is missing
check-tick = Tick the declaration to submit
check-heading = Check your answers: { $service } { $name }
check-heading-answers = Answers: { $service } { $name }
check-important = Important:
check-explain = To explain
check-explain-about = These answers are unusual. They may be right: say why beside the question, or correct them.
check-change = Change
check-change-what = answer to { $number }
check-sign-off = Sign off
check-sign-off-about = By signing off you say, as clinical lead, that these answers describe the service. Any change of an answer after that undoes it.
check-sign-off-button = Sign off the response of { $service }
check-not-ready = The response can be submitted when everything that is listed at the top of this page is put right or explained. A question that cannot be answered can be answered with “Not known”.
check-submit = Submit
check-submit-about = After you submit, the answers count in the audit and can no longer be changed; the audit team can open them again. A receipt comes by e-mail.
check-declaration = Declaration of { $you }
check-declare = I declare that these are the answers of { $name }, and that they are right to the best of my knowledge.
check-submit-button = Submit the response of { $service }
submitted-heading = Response submitted
submitted-what = { $service }, audit year { $year }
submitted-thanks = Thank you. The answers of { $name } now count in the audit.
submitted-receipt = A receipt is on its way by e-mail, to you and to the FLS lead.
submitted-mistake = If you find a mistake, ask the audit team to open the response again.
submitted-next = What you can do next
submitted-feedback = Feedback for your governance meeting: one page, with a plan
submitted-gap = See the staffing gap that follows from your answers
submitted-read = Read what you submitted
submitted-print = Print it, with its version and hash
no-return-heading = No return this year
no-return-about = Say so here where there will be no answers. What was answered so far is kept, and you can take this back while the round is open.
no-return-button = Make no return
submissions-heading = Submitted versions
submissions-about = Every version that was submitted stays here as it was, and can be compared with the one before.
submissions-table = Submitted versions, table
submissions-number = Number
submissions-when = Submitted
submissions-by = By
submissions-action = Action
submissions-read = Read version { $number }
submissions-changes = What changed in version { $number }
submissions-none = Nothing was submitted yet. Each version stands here from the moment that it is submitted.
submissions-back = All submitted versions
differences-heading = What changed from submitted version { $from } to { $to }
differences-table = Differences, table
differences-question = Question
differences-none = The two versions say the same.
print-about = Print this page, or save it as a PDF, by the print command of your browser.
print-questionnaire = Questionnaire
print-version = version { $version }
print-state = State
print-submission = Submitted version { $number }, by { $by } on { $at }
print-answers-version = Version of the answers
print-hash = Hash of the answers (SHA-256)
print-printed = Printed
print-draft = Draft, not submitted
print-not-asked = Not asked, by the answers to other questions.
print-only-any = Only where the answer to { $number } is:
print-only-none = Only where { $number } is answered, and not:
print-only-above = Only where the answer to { $number } is above
print-only-answered = Only where { $number } is answered.
print-only-unanswered = Only where { $number } is not answered.
print-tick-all = Tick all that hold.
print-band = band { $band }

feedback-heading = Feedback for your governance meeting
feedback-about = Print this page: it fits one sheet of A4.
feedback-workbook = Download it as a workbook
feedback-business-case = The business case for its staffing
feedback-staffing = Staffing against the recommendation
feedback-gap-table = Staffing gap, table
feedback-gap-caption = Staffing gap on both bases, in WTE
feedback-short = Short of
feedback-like = Among like services
feedback-setting = Setting:
feedback-all-settings = All settings
feedback-services = { $services ->
    [one] yours alone has submitted so far.
   *[other] { $services } services that have submitted, yours included.
}
feedback-place-caption = Your place among like services, 1 being the highest
feedback-measure = Measure
feedback-yours = Yours
feedback-median = Median
feedback-place = Place
feedback-no-places = There is nothing to compare yet.
feedback-kpis = KPIs of { $year }
feedback-kpis-of-another = Those of { $year } are not in yet; these are the newest.
feedback-kpis-caption = KPIs beside the nation
feedback-kpi = KPI
feedback-cases = Cases
feedback-national = National
feedback-since = Since audit year { $year }
feedback-since-last = Since last year
feedback-facts-caption = Main facts, last year and now
feedback-fact = Fact
feedback-no-changes = There is no submitted response of the round before.
feedback-recommendations = Recommendations that your answers or KPIs call for
feedback-source = In our words, after the { $source }.
feedback-not-called = Nothing calls for it this year.
feedback-you-said = For audit year { $year } you said:
feedback-by-day = by { $day }
feedback-action = Action:
feedback-owner = Owner:
feedback-by = By:
feedback-plan = Plan an action
feedback-change-plan = Change the plan
feedback-for = for recommendation { $number }
feedback-what = What you will do
feedback-who = Who
feedback-when = By when
feedback-save = Save the plan
feedback-changed-by = Last changed by { $by }
feedback-none = None of recommendations 4 to 11 is called for by your answers or KPIs.

workbook-heading = Fill in away from the web
workbook-taken = The workbook was taken
workbook-would = What would be taken from the workbook
workbook-saved = saved
workbook-would-be-saved = would be saved
workbook-refused = refused: they cannot be read or kept
workbook-conflicts = in conflict: somebody else changed the answer after you downloaded the workbook, and what is saved stays
workbook-unchanged = unchanged
workbook-not-yet = Nothing is saved yet.
workbook-mend = You can save what is accepted now, mend the rest in the workbook and upload it again.
workbook-apply = Save the { $accepted } accepted
workbook-do-not = Do not save
workbook-nothing = There is nothing to save.
workbook-another = Upload another workbook
workbook-table = Cells, table
workbook-caption = What becomes of each cell that was changed
workbook-cell = Cell
workbook-in = In the workbook
workbook-before = Saved before
workbook-now = Saved now
workbook-result = Result
workbook-list = Go to the list of sections
workbook-about = Download the questionnaire of { $service } as an Excel workbook with the answers so far, fill it in where you have no connection, or pass it round, and upload it again.
workbook-download-heading = Download
workbook-opens = It opens in Excel, LibreOffice and their like. The cells to fill in are yellow.
workbook-download = Download the workbook
workbook-upload-heading = Upload
workbook-upload-about = You see what would become of every cell before anything is saved. A cell that you did not change changes nothing, and what somebody else saved in the meantime is never overwritten.
workbook-file = The workbook that you filled in
workbook-file-hint = An .xlsx file of up to 5 MB
workbook-check = Check the workbook
workbook-locked = There is nothing to upload.
links-about = Somebody without an account can fill in one section by a link that is mailed to them. They see that section and nothing else. The history says what they changed.
links-send = Send the link
links-closed = The response can no longer be answered, so there is nothing to hand out.
links-heading = Links
links-table = Links, table
links-caption = Links to sections of this response
links-to = To
links-made-by = Made by
links-until = Works until
links-revoke = Revoke
links-none = No section was handed out yet.
comments-back = All comments of { $service }
comments-caption = Comments, { $service } { $name }
comments-see = See the question and its answer
comments-team = audit team
comments-nothing = Nobody has written anything about this question yet. What you write goes to the audit team, who answer here; you are told by e-mail.
comments-send = Send the comment
comments-heading = Comments on the answers of { $service }
comments-heading-round = Comments:
comments-waiting = { $waiting ->
    [one] One waits for an answer of the audit team; it stands first.
   *[other] { $waiting } wait for an answer of the audit team; they stand first.
}
comments-none-waits = Nothing waits for an answer.
comments-table = Comments, table
comments-threads = Threads of comments
comments-comments = Comments
comments-last = Last
comments-waits = Waits for the audit team
comments-answered = Answered
comments-none-of-round = No service has asked anything in this round yet.
comments-none-yet = Nobody has written anything yet. To ask the audit team about a question, use “Ask or comment” under it in its section.
hospitals-about = Expected cases are { $multiplier } times the hip fractures that the National Hip Fracture Database counts in the hospitals which the register maps to your service. They are what KPIs 2 and 3 are measured against.
hospitals-expected = For audit year { $year } they are { $expected }.
hospitals-no-figure = For audit year { $year } there is no figure yet.
hospitals-table = Hospitals, table
hospitals-caption = Hip fractures by hospital and year
hospitals-hip-fractures = Hip fractures
hospitals-expected-cases = Expected cases
hospitals-none = The register maps no hospital to your service, so there are no expected cases, and KPIs 2 and 3 cannot be worked out.
hospitals-none-say = If you cover one, say so below.
hospitals-differs = Your answer to question 1.3 differs from the register
hospitals-differs-about = The register decides, not the answer. When the response is submitted, each difference becomes a query that the audit team decides; you can write to them below before.
hospitals-challenged = What you challenged
hospitals-challenges-table = Challenges, table
hospitals-challenges-caption = Challenges and decisions
hospitals-claim = Claim and reason
hospitals-decision = Decision
hospitals-by-answer = by the answer
hospitals-challenge = Tell the audit team that the register is wrong
hospitals-challenge-about = The audit team decides, and you see the decision here.
hospitals-until = You can write until { $day }.
hospitals-send = Send
hospitals-cannot = The FLS lead can challenge the register while the round is open.
