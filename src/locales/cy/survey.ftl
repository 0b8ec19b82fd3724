survey-submitted-by = Cyflwynwyd gan { $by } ar { $at }.
survey-submitted-from-file = Cyflwynwyd; daeth yr atebion o ffeil.
survey-locked = Gellir darllen yr ymateb ond ni ellir ei newid mwyach; gall tîm yr archwiliad ei agor eto.
survey-signed-off = Llofnodwyd gan { $by } ar { $at }.
survey-signed-off-until = Mae unrhyw newid i ateb yn dadwneud hyn.
survey-sign-off-yours = Mae’r ymateb hwn yn aros i chi ei lofnodi fel arweinydd clinigol.
survey-sign-off-go = Darllen yr atebion a’u llofnodi
survey-sign-off-needed = Mae’r rownd hon yn gofyn am lofnod arweinydd clinigol: unwaith y bydd popeth wedi’i ateb, gofynnwch i’ch un chi lofnodi’r ymateb. Wedyn gall yr arweinydd FLS ei gyflwyno.
survey-read-only = Gallwch ddarllen yr ymateb hwn, nid ei newid. Cyflwr y rownd:
survey-reopen = Agor yr ymateb eto
survey-no-return = Nid yw’r gwasanaeth yn cyflwyno ymateb eleni.
survey-not-commissioned = Nid oes gwasanaeth wedi’i gomisiynu.
survey-take-back-about = Cedwir yr hyn a atebwyd o’r blaen, a bydd yno eto pan dynnwch hyn yn ôl.
survey-take-back = Tynnu hyn yn ôl ac ateb
survey-back = Pob adran o { $service }
survey-sections = Mae { $complete } o { $sections } adran wedi’u cwblhau.
survey-saves-itself = Cedwir pob ateb pan adewch ei faes; gallwch chi a’ch cydweithwyr stopio a dod yn ôl unrhyw bryd.
survey-done = Mae { $done } o { $items } cwestiwn wedi’u hateb, { $unchanged } ohonynt fel y llynedd.
survey-left-both = Ar ôl: { $unconfirmed ->
    [one] un ateb o’r llynedd i’w gadarnhau
   *[other] { $unconfirmed } ateb o’r llynedd i’w cadarnhau
} a { $open ->
    [one] un cwestiwn i’w ateb
   *[other] { $open } cwestiwn i’w hateb
}, tua { $minutes ->
    [one] munud
   *[other] { $minutes } munud
}.
survey-left-unconfirmed = Ar ôl: { $unconfirmed ->
    [one] un ateb o’r llynedd i’w gadarnhau
   *[other] { $unconfirmed } ateb o’r llynedd i’w cadarnhau
}, tua { $minutes ->
    [one] munud
   *[other] { $minutes } munud
}.
survey-left-open = Ar ôl: { $open ->
    [one] un cwestiwn i’w ateb
   *[other] { $open } cwestiwn i’w hateb
}, tua { $minutes ->
    [one] munud
   *[other] { $minutes } munud
}.
survey-left-nothing = Nid oes dim ar ôl: gwiriwch eich atebion a’u cyflwyno.
survey-left-blank = { $blank ->
    [one] Gall un testun aros yn wag.
   *[other] Gall { $blank } testun aros yn wag.
}
survey-carry-about = { $answers ->
    [one] Gellir dod ag un ateb o’r llynedd drosodd. Mae wedi’i farcio nes ichi ei gadarnhau â “Yr un fath o hyd”, neu ei newid.
   *[other] Gellir dod â { $answers } ateb o’r llynedd drosodd. Mae pob un wedi’i farcio nes ichi ei gadarnhau â “Yr un fath o hyd”, adran ar y tro neu gwestiwn ar y tro, neu ei newid.
}
survey-carry = Dod ag atebion y llynedd drosodd
survey-answered = Atebwyd { $answered } o { $shown }
survey-to-confirm = { $unconfirmed } o’r llynedd i’w cadarnhau
survey-to-put-right = { $errors } i’w cywiro
survey-to-explain = { $queries } i’w hesbonio
survey-go-submit = Gwirio’ch atebion a’u cyflwyno
survey-go-check = Gwirio’ch atebion
survey-go-answers = Gweld pob ateb
survey-lead-submits = Arweinydd FLS eich gwasanaeth sy’n cyflwyno’r ymateb.
survey-feedback = Adborth ar gyfer eich cyfarfod llywodraethu
survey-share = Rhoi adran i gydweithiwr
survey-hospitals = Eich ysbytai ac achosion disgwyliedig
survey-comments = Sylwadau ac atebion tîm yr archwiliad
survey-workbook = Llenwi i ffwrdd o’r we: lawrlwytho ac uwchlwytho llyfr gwaith
survey-print = Argraffu pob cwestiwn ac ateb
survey-print-blank = neu’r holiadur gwag
survey-history = Hanes: pwy newidiodd beth
survey-submissions = Fersiynau a gyflwynwyd
survey-say-no-return = Dweud na fydd ymateb eleni
survey-imported = Daeth rhai o’r atebion hyn o ffeil.
surveys-heading = Arolwg
surveys-none = Nid oes rownd i’ch gwasanaeth eto. Tîm yr archwiliad sy’n trefnu rowndiau ac yn rhoi gwybod ichi.

section-conflict = Heb ei gadw: mae rhywun arall wedi newid ateb
section-look = Mae rhywbeth i edrych arno
section-undone = Mae’ch newid wedi dadwneud llofnod yr arweinydd clinigol: gofynnwch amdano eto.
section-saved = Wedi’i gadw.
section-appeared = { $appeared ->
    [one] Daeth un cwestiwn arall i’r golwg ar y dudalen hon oherwydd eich atebion.
   *[other] Daeth { $appeared } cwestiwn arall i’r golwg ar y dudalen hon oherwydd eich atebion.
}
section-later = Gallwch gywiro neu esbonio’r hyn a restrir uchod nawr neu’n ddiweddarach.
section-close = Gallwch gau’r dudalen hon nawr, neu newid eich atebion nes daw’ch dolen i ben.
section-on = Ymlaen i { $number } { $section }
section-on-check = Ymlaen i wirio’ch atebion
section-share = Rhoi’r adran hon i gydweithiwr
section-last-changed = Newidiwyd ddiwethaf gan { $by } ar { $at }.
section-save = Cadw
section-saving = Yn cadw…
section-offline = Heb ei gadw eto: ni ellir cyrraedd y gwasanaeth. Rydym yn dal i geisio; cadwch y dudalen hon ar agor.
section-refused = Heb ei gadw. Llwythwch y dudalen eto i weld pam; bydd yr hyn a deipiwyd yn aros yn y meysydd tan hynny.
section-signed-out = Heb ei gadw eto: nid ydych wedi mewngofnodi mwyach. Mae’r hyn a deipiwyd yn aros ar y dudalen hon: cadwch hi ar agor, mewngofnodwch eto mewn ffenestr arall, ac fe’i cedwir.
section-kept = Heb ei gadw eto: nid ydych wedi mewngofnodi mwyach. Cedwir yr hyn a deipiwyd ichi: mewngofnodwch eto, a bydd yn sefyll yn yr adran hon, i’w gadw.
section-sign-in = Mewngofnodi eto mewn ffenestr arall
section-saved-at = Cadwyd am { $at } gennych chi
section-not-saved = Heb ei gadw: mae rhywbeth i’w gywiro
section-restored = Mae’r hyn a roesoch pan oedd eich sesiwn wedi dod i ben, ar { $at }, yn sefyll yma eto. Nid yw wedi’i gadw eto: edrychwch arno a’i gadw.
section-discard = Peidio â’i ddefnyddio: dangos yr hyn sydd wedi’i gadw
section-same = { $same ->
    [one] Atebwyd un cwestiwn yma y llynedd ac nid yw wedi’i gadarnhau eto. Darllenwch ateb y llynedd wrth ei ymyl. Os yw’n wir o hyd, dywedwch hynny yma; bydd yr hyn a newidiwyd gennych yn aros.
   *[other] Atebwyd { $same } cwestiwn yma y llynedd ac nid ydynt wedi’u cadarnhau eto. Darllenwch atebion y llynedd wrth eu hymyl. Os ydynt i gyd yn wir o hyd, dywedwch hynny yma; bydd yr hyn a newidiwyd gennych yn aros.
}
section-same-all = Mae’r adran gyfan yr un fath o hyd
section-hidden = { $hidden ->
    [one] Gofynnir un cwestiwn arall yn yr adran hon ar ôl rhai atebion yn unig. Mae’n ymddangos ar y dudalen hon pan gadwch.
   *[other] Gofynnir { $hidden } cwestiwn arall yn yr adran hon ar ôl rhai atebion yn unig. Mae cwestiwn o’r fath yn ymddangos ar y dudalen hon pan gadwch.
}
section-save-next = Cadw a pharhau
section-save-list = Cadw a dychwelyd i’r rhestr

item-optional = (dewisol)
item-or = neu
item-clear = Clirio’r ateb hwn
item-last = Blwyddyn archwilio { $year }:
item-carried = O’r llynedd, heb ei gadarnhau
item-reworded = Mae geiriad y cwestiwn hwn yn wahanol i’r llynedd.
item-asked-afresh = Gofynnir y cwestiwn hwn o’r newydd bob blwyddyn.
item-last-not-known = “Ddim yn hysbys” oedd ateb y llynedd. A yw’n hysbys nawr?
item-other-kind = Mae’r cwestiwn yn cymryd math arall o ateb eleni.
item-dropped = Ni ellir dewis ateb y llynedd mwyach.
item-same = Yr un fath o hyd
item-explanation = Esboniad:
item-conflict = Newidiodd { $who } yr ateb hwn tra oeddech yn gweithio ({ $when }). Pa un sy’n cyfrif?
item-conflict-plain = Newidiodd { $who } yr ateb hwn tra oeddech yn gweithio. Pa un sy’n cyfrif?
item-theirs = Yr ateb a gadwyd:
item-mine = Yr hyn a roesoch chi:
item-why = Pam mae’r ateb hwn yn gywir
item-other-hospitals = { $others } ysbyty arall
item-saved-you = Cadwyd am { $at } gennych chi
item-saved-day-you = Cadwyd ar { $day } am { $at } gennych chi
item-saved = Cadwyd am { $at } gan { $by }
item-saved-day = Cadwyd ar { $day } am { $at } gan { $by }
comment-count = { $count ->
    [one] Un sylw ar gwestiwn { $number }
   *[other] { $count } sylw ar gwestiwn { $number }
}
comment-none = Gofyn neu roi sylw ar gwestiwn { $number }

posts-heading = Swyddi
posts-about = Rhowch res i bob rôl a band sydd gan y gwasanaeth, mewn swyddi cyfwerth ag amser cyflawn (WTE) ar ddyddiad staffio’r rownd hon. Gallwch roi WTE, megis 0.6, neu oriau’r wythnos, megis “22.5 hours”. Cyfrifir yr hyn sy’n wag ichi.
posts-counts = Beth sy’n cyfrif: absenoldeb, staff asiantaeth, swyddi a rennir
posts-counts-funded = Wedi’i ariannu: swyddi ag arian y tu ôl iddynt, wedi’u llenwi neu beidio. Mae’n gadael inni wahaniaethu rhwng swydd nad oes neb yn talu amdani a swydd nad oes neb wedi’i llenwi.
posts-counts-in-post = Mewn swydd: pwy bynnag sy’n dal swydd ar y diwrnod hwnnw. Rhowch 0 lle nad oes neb; nid yw maes gwag yn dweud dim.
posts-counts-leave = Absenoldeb mamolaeth ac absenoldeb salwch hir: mae’r person yn cyfrif fel un mewn swydd. Nid yw’r sawl sy’n sefyll yn y bwlch yn cael ei gyfrif eilwaith.
posts-counts-bank = Staff banc ac asiantaeth: cyfrifwch yr amser y maent yn gweithio i’r gwasanaeth hwn.
posts-counts-secondment = Secondiad: cyfrifwch bobl lle maent yn gweithio, am yr amser y maent yn gweithio yno.
posts-counts-shared = Swyddi a rennir â chlinigau eraill: cyfrifwch y gyfran sy’n perthyn i’r gwasanaeth hwn yn unig. Mae nyrs sy’n rhoi 2 ddiwrnod o wythnos 5 diwrnod iddo yn 0.4.
posts-counts-since = Yn wag ers: y mis pan nad oedd neb yn dal y swydd mwyach, megis May 2022. Mae’n dweud wrthym pa swyddi fu’n wag am fwy na 6 mis.
posts-counts-not-known = Lle nad ydych yn gwybod ffigur, ysgrifennwch “not known” yn ei faes.
posts-grids-about = Rhowch swyddi cyfwerth ag amser cyflawn (WTE) ar gyfer pob rôl a band sydd gan y gwasanaeth. Gadewch faes yn wag lle nad oes swydd o’r fath, a rhowch 0 ar gyfer swydd nad yw’n cyfrif dim. Ysgrifennwch “not known” mewn maes lle nad ydych yn gwybod y ffigur.
posts-same = Mae’r swyddi yr un fath â’r llynedd o hyd
posts-role = Rôl a band
posts-funded = Wedi’i ariannu, WTE
posts-in-post = Mewn swydd, WTE
posts-since = Yn wag ers
posts-long = Wedi’i llenwi eto ar ôl mwy na 6 mis, WTE
posts-question = Cwestiwn { $number }, WTE
posts-vacant = Yn wag, WTE
posts-remove = Tynnu
posts-hours = { $hours } awr = { $wte } WTE
posts-audit-year = Blwyddyn archwilio
posts-over = { $over } yn fwy nag a ariennir
posts-reported = adroddwyd: { $reported }
posts-over-six = ers dros 6 mis
posts-together = Gyda’i gilydd, fel y’u cadwyd
posts-long-total = { $long } ers dros 6 mis
posts-none = Nid oes swydd yn y tabl eto. Dewiswch y gyntaf isod.
posts-another = Swydd arall
posts-choose = Dewiswch rôl a band
posts-add = Ychwanegu’r swydd hon
posts-nothing-known = Os na wyddoch yr un o ffigurau colofn
posts-not-known = ddim yn hysbys

check-moved = Nis gwnaed: newidiodd ateb tra oeddech yn gwirio
check-moved-about = Mae’r dudalen hon nawr yn dangos yr atebion fel y maent. Gwiriwch nhw eto.
check-undeclared = Heb ei gyflwyno: mae’r datganiad ar goll
check-tick = Ticiwch y datganiad i gyflwyno
check-heading = Gwiriwch eich atebion: { $service } { $name }
check-heading-answers = Atebion: { $service } { $name }
check-important = Pwysig:
check-explain = I’w hesbonio
check-explain-about = Mae’r atebion hyn yn anarferol. Gallant fod yn gywir: dywedwch pam wrth ymyl y cwestiwn, neu eu cywiro.
check-change = Newid
check-change-what = ateb i { $number }
check-sign-off = Llofnodi
check-sign-off-about = Drwy lofnodi rydych yn dweud, fel arweinydd clinigol, fod yr atebion hyn yn disgrifio’r gwasanaeth. Mae unrhyw newid i ateb wedi hynny yn ei ddadwneud.
check-sign-off-button = Llofnodi ymateb { $service }
check-not-ready = Gellir cyflwyno’r ymateb pan fydd popeth a restrir ar frig y dudalen hon wedi’i gywiro neu ei esbonio. Gellir ateb cwestiwn na ellir ei ateb â “Ddim yn hysbys”.
check-submit = Cyflwyno
check-submit-about = Ar ôl ichi gyflwyno, mae’r atebion yn cyfrif yn yr archwiliad ac ni ellir eu newid mwyach; gall tîm yr archwiliad eu hagor eto. Daw derbynneb drwy e-bost.
check-declaration = Datganiad { $you }
check-declare = Rwy’n datgan mai dyma atebion { $name }, a’u bod yn gywir hyd eithaf fy ngwybodaeth.
check-submit-button = Cyflwyno ymateb { $service }
submitted-heading = Cyflwynwyd yr ymateb
submitted-what = { $service }, blwyddyn archwilio { $year }
submitted-thanks = Diolch. Mae atebion { $name } nawr yn cyfrif yn yr archwiliad.
submitted-receipt = Mae derbynneb ar ei ffordd drwy e-bost, atoch chi ac at yr arweinydd FLS.
submitted-mistake = Os dewch o hyd i gamgymeriad, gofynnwch i dîm yr archwiliad agor yr ymateb eto.
submitted-next = Beth allwch chi ei wneud nesaf
submitted-feedback = Adborth ar gyfer eich cyfarfod llywodraethu: un dudalen, gyda chynllun
submitted-gap = Gweld y bwlch staffio sy’n dilyn o’ch atebion
submitted-read = Darllen yr hyn a gyflwynwyd gennych
submitted-print = Ei argraffu, gyda’i fersiwn a’i hash
no-return-heading = Dim ymateb eleni
no-return-about = Dywedwch hynny yma lle na fydd atebion. Cedwir yr hyn a atebwyd hyd yma, a gallwch dynnu hyn yn ôl tra bo’r rownd ar agor.
no-return-button = Peidio â chyflwyno ymateb
submissions-heading = Fersiynau a gyflwynwyd
submissions-about = Mae pob fersiwn a gyflwynwyd yn aros yma fel yr oedd, a gellir ei chymharu â’r un o’i blaen.
submissions-table = Fersiynau a gyflwynwyd, tabl
submissions-number = Rhif
submissions-when = Cyflwynwyd
submissions-by = Gan
submissions-action = Gweithred
submissions-read = Darllen fersiwn { $number }
submissions-changes = Beth newidiodd yn fersiwn { $number }
submissions-none = Ni chyflwynwyd dim eto. Bydd pob fersiwn yn sefyll yma o’r eiliad y’i cyflwynir.
submissions-back = Pob fersiwn a gyflwynwyd
differences-heading = Beth newidiodd o fersiwn { $from } i { $to }
differences-table = Gwahaniaethau, tabl
differences-question = Cwestiwn
differences-none = Mae’r ddwy fersiwn yn dweud yr un peth.
print-about = Argraffwch y dudalen hon, neu ei chadw fel PDF, drwy orchymyn argraffu’ch porwr.
print-questionnaire = Holiadur
print-version = fersiwn { $version }
print-state = Cyflwr
print-submission = Fersiwn { $number } a gyflwynwyd, gan { $by } ar { $at }
print-answers-version = Fersiwn yr atebion
print-hash = Hash yr atebion (SHA-256)
print-printed = Argraffwyd
print-draft = Drafft, heb ei gyflwyno
print-not-asked = Ni ofynnir, yn ôl yr atebion i gwestiynau eraill.
print-only-any = Dim ond lle’r ateb i { $number } yw:
print-only-none = Dim ond lle mae { $number } wedi’i ateb, ac nid:
print-only-above = Dim ond lle mae’r ateb i { $number } yn uwch na
print-only-answered = Dim ond lle mae { $number } wedi’i ateb.
print-only-unanswered = Dim ond lle nad yw { $number } wedi’i ateb.
print-tick-all = Ticiwch bob un sy’n wir.
print-band = band { $band }

feedback-heading = Adborth ar gyfer eich cyfarfod llywodraethu
feedback-about = Argraffwch y dudalen hon: mae’n ffitio un ddalen A4.
feedback-workbook = Ei lawrlwytho fel llyfr gwaith
feedback-business-case = Yr achos busnes dros ei staffio
feedback-staffing = Staffio o’i gymharu â’r argymhelliad
feedback-gap-table = Bwlch staffio, tabl
feedback-gap-caption = Bwlch staffio ar y ddwy sail, mewn WTE
feedback-short = Yn brin o
feedback-like = Ymhlith gwasanaethau tebyg
feedback-setting = Lleoliad:
feedback-all-settings = Pob lleoliad
feedback-services = { $services ->
    [one] eich un chi yn unig sydd wedi cyflwyno hyd yma.
   *[other] { $services } gwasanaeth sydd wedi cyflwyno, gan gynnwys eich un chi.
}
feedback-place-caption = Eich lle ymhlith gwasanaethau tebyg, 1 yw’r uchaf
feedback-measure = Mesur
feedback-yours = Eich un chi
feedback-median = Canolrif
feedback-place = Lle
feedback-no-places = Nid oes dim i’w gymharu eto.
feedback-kpis = DPA { $year }
feedback-kpis-of-another = Nid yw rhai { $year } i mewn eto; dyma’r diweddaraf.
feedback-kpis-caption = DPA wrth ymyl y genedl
feedback-kpi = DPA
feedback-cases = Achosion
feedback-national = Cenedlaethol
feedback-since = Ers blwyddyn archwilio { $year }
feedback-since-last = Ers y llynedd
feedback-facts-caption = Prif ffeithiau, y llynedd a nawr
feedback-fact = Ffaith
feedback-no-changes = Nid oes ymateb a gyflwynwyd o’r rownd flaenorol.
feedback-recommendations = Argymhellion y mae’ch atebion neu’ch DPA yn galw amdanynt
feedback-source = Yn ein geiriau ni, ar ôl y { $source }.
feedback-not-called = Nid oes dim yn galw amdano eleni.
feedback-you-said = Ar gyfer blwyddyn archwilio { $year } dywedasoch:
feedback-by-day = erbyn { $day }
feedback-action = Gweithred:
feedback-owner = Perchennog:
feedback-by = Erbyn:
feedback-plan = Cynllunio gweithred
feedback-change-plan = Newid y cynllun
feedback-for = ar gyfer argymhelliad { $number }
feedback-what = Beth wnewch chi
feedback-who = Pwy
feedback-when = Erbyn pryd
feedback-save = Cadw’r cynllun
feedback-changed-by = Newidiwyd ddiwethaf gan { $by }
feedback-none = Nid yw’ch atebion na’ch DPA yn galw am yr un o argymhellion 4 i 11.

workbook-heading = Llenwi i ffwrdd o’r we
workbook-taken = Derbyniwyd y llyfr gwaith
workbook-would = Beth a dderbynnid o’r llyfr gwaith
workbook-saved = wedi’u cadw
workbook-would-be-saved = a gedwid
workbook-refused = wedi’u gwrthod: ni ellir eu darllen na’u cadw
workbook-conflicts = mewn gwrthdaro: newidiodd rhywun arall yr ateb ar ôl ichi lawrlwytho’r llyfr gwaith, ac mae’r hyn a gadwyd yn aros
workbook-unchanged = heb newid
workbook-not-yet = Nid oes dim wedi’i gadw eto.
workbook-mend = Gallwch gadw’r hyn a dderbyniwyd nawr, trwsio’r gweddill yn y llyfr gwaith a’i uwchlwytho eto.
workbook-apply = Cadw’r { $accepted } a dderbyniwyd
workbook-do-not = Peidio â chadw
workbook-nothing = Nid oes dim i’w gadw.
workbook-another = Uwchlwytho llyfr gwaith arall
workbook-table = Celloedd, tabl
workbook-caption = Beth a ddaw o bob cell a newidiwyd
workbook-cell = Cell
workbook-in = Yn y llyfr gwaith
workbook-before = Wedi’i gadw cynt
workbook-now = Wedi’i gadw nawr
workbook-result = Canlyniad
workbook-list = Mynd i’r rhestr adrannau
workbook-about = Lawrlwythwch holiadur { $service } fel llyfr gwaith Excel gyda’r atebion hyd yma, ei lenwi lle nad oes gennych gysylltiad, neu ei basio o gwmpas, a’i uwchlwytho eto.
workbook-download-heading = Lawrlwytho
workbook-opens = Mae’n agor yn Excel, LibreOffice a’u tebyg. Mae’r celloedd i’w llenwi yn felyn.
workbook-download = Lawrlwytho’r llyfr gwaith
workbook-upload-heading = Uwchlwytho
workbook-upload-about = Rydych yn gweld beth a ddeuai o bob cell cyn i ddim gael ei gadw. Nid yw cell na newidiwyd gennych yn newid dim, ac ni throsysgrifennir byth yr hyn a gadwodd rhywun arall yn y cyfamser.
workbook-file = Y llyfr gwaith a lenwyd gennych
workbook-file-hint = Ffeil .xlsx hyd at 5 MB
workbook-check = Gwirio’r llyfr gwaith
workbook-locked = Nid oes dim i’w uwchlwytho.
links-about = Gall rhywun heb gyfrif lenwi un adran drwy ddolen a anfonir ato drwy e-bost. Mae’n gweld yr adran honno a dim arall. Mae’r hanes yn dweud beth a newidiodd.
links-send = Anfon y ddolen
links-closed = Ni ellir ateb yr ymateb mwyach, felly nid oes dim i’w roi allan.
links-heading = Dolenni
links-table = Dolenni, tabl
links-caption = Dolenni i adrannau’r ymateb hwn
links-to = At
links-made-by = Gwnaed gan
links-until = Yn gweithio tan
links-revoke = Dirymu
links-none = Ni roddwyd adran allan eto.
comments-back = Pob sylw { $service }
comments-caption = Sylwadau, { $service } { $name }
comments-see = Gweld y cwestiwn a’i ateb
comments-team = tîm yr archwiliad
comments-nothing = Nid oes neb wedi ysgrifennu dim am y cwestiwn hwn eto. Mae’r hyn a ysgrifennwch yn mynd at dîm yr archwiliad, sy’n ateb yma; cewch wybod drwy e-bost.
comments-send = Anfon y sylw
comments-heading = Sylwadau ar atebion { $service }
comments-heading-round = Sylwadau:
comments-waiting = { $waiting ->
    [one] Mae un yn aros am ateb gan dîm yr archwiliad; mae’n sefyll gyntaf.
   *[other] Mae { $waiting } yn aros am ateb gan dîm yr archwiliad; maent yn sefyll gyntaf.
}
comments-none-waits = Nid oes dim yn aros am ateb.
comments-table = Sylwadau, tabl
comments-threads = Edefynnau sylwadau
comments-comments = Sylwadau
comments-last = Diwethaf
comments-waits = Yn aros am dîm yr archwiliad
comments-answered = Atebwyd
comments-none-of-round = Nid oes gwasanaeth wedi gofyn dim yn y rownd hon eto.
comments-none-yet = Nid oes neb wedi ysgrifennu dim eto. I holi tîm yr archwiliad am gwestiwn, defnyddiwch “Gofyn neu roi sylw” oddi tano yn ei adran.
hospitals-about = Achosion disgwyliedig yw { $multiplier } gwaith y toriadau clun y mae’r National Hip Fracture Database yn eu cyfrif yn yr ysbytai y mae’r gofrestr yn eu mapio i’ch gwasanaeth. Yn eu herbyn nhw y mesurir DPA 2 a 3.
hospitals-expected = Ar gyfer blwyddyn archwilio { $year } { $expected } ydynt.
hospitals-no-figure = Nid oes ffigur eto ar gyfer blwyddyn archwilio { $year }.
hospitals-table = Ysbytai, tabl
hospitals-caption = Toriadau clun fesul ysbyty a blwyddyn
hospitals-hip-fractures = Toriadau clun
hospitals-expected-cases = Achosion disgwyliedig
hospitals-none = Nid yw’r gofrestr yn mapio unrhyw ysbyty i’ch gwasanaeth, felly nid oes achosion disgwyliedig, ac ni ellir cyfrifo DPA 2 a 3.
hospitals-none-say = Os ydych yn cwmpasu un, dywedwch hynny isod.
hospitals-differs = Mae’ch ateb i gwestiwn 1.3 yn wahanol i’r gofrestr
hospitals-differs-about = Y gofrestr sy’n penderfynu, nid yr ateb. Pan gyflwynir yr ymateb, daw pob gwahaniaeth yn ymholiad y mae tîm yr archwiliad yn ei benderfynu; gallwch ysgrifennu atynt isod cyn hynny.
hospitals-challenged = Yr hyn a heriwyd gennych
hospitals-challenges-table = Heriau, tabl
hospitals-challenges-caption = Heriau a phenderfyniadau
hospitals-claim = Honiad a rheswm
hospitals-decision = Penderfyniad
hospitals-by-answer = drwy’r ateb
hospitals-challenge = Dweud wrth dîm yr archwiliad fod y gofrestr yn anghywir
hospitals-challenge-about = Tîm yr archwiliad sy’n penderfynu, ac rydych yn gweld y penderfyniad yma.
hospitals-until = Gallwch ysgrifennu tan { $day }.
hospitals-send = Anfon
hospitals-cannot = Gall yr arweinydd FLS herio’r gofrestr tra bo’r rownd ar agor.
