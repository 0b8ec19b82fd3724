gaps-choose = Dewis beth i’w ddangos
gaps-audit-year = Blwyddyn archwilio
gaps-area = Ardal
gaps-all-you-see = Popeth y gallwch ei weld
gaps-role = Rôl yn y siart a’r tablau
gaps-standard = Safon staffio
gaps-name = Enw neu god gwasanaeth
gaps-show = Dangos
gaps-heading = <span class="nhsuk-caption-l">{ $names }</span>Bwlch staffio: { $place }
gaps-workbook = Lawrlwytho fel llyfr gwaith (Excel)
gaps-uncovered = Ysbytai heb wasanaeth
gaps-costs = Cost cau’r bwlch
gaps-demand = Yr angen o dri safbwynt: cymhareb, llwyth gwaith, gwasanaethau tebyg
gaps-scenario = Gwneud senario
gaps-totals = Cyfansymiau
gaps-totals-about = Nid yw’r argymhelliad yn dweud pa boblogaeth sydd dan sylw, felly rhoddir pob ffigur ar gyfer y ddwy. Swyddi cyfwerth ag amser cyflawn yw WTE; daw ystod o ystod yr argymhelliad. Mae ffigur positif yn golygu prinder.
gaps-counted = Gwasanaethau a gyfrifwyd<br><span class="app-small">ac ar goll</span>
gaps-in-post-wte = Mewn swydd, WTE
gaps-need-wte = Angen, WTE
gaps-net = Bwlch net, WTE<br><span class="app-small">mae gwargedion yn cyfrif yn erbyn</span>
gaps-shortfalls = Swm y diffygion, WTE<br><span class="app-small">gwasanaethau prin yn unig</span>
gaps-cover = Cyflenwad<br><span class="app-small">mewn swydd ÷ angen</span>
gaps-positions = Gwasanaethau islaw’r ystod, o’i mewn, arni neu uwch
gaps-never-funded = Byth wedi’u hariannu, WTE<br><span class="app-small">angen − swyddi a ariennir</span>
gaps-vacant = Wedi’u hariannu ac yn wag, WTE
gaps-everybody = Angen pawb yn yr ardal, WTE
gaps-figures = Ffigurau’r siart hwn fel tabl
gaps-figures-table = Ffigurau’r siart, tabl
gaps-service = Gwasanaeth
gaps-in-post = Mewn swydd
gaps-recommended-reported = Argymhellir, fel yr adroddwyd (pob oed)
gaps-recommended-50 = Argymhellir, 50 oed a throsodd
gaps-not-given = heb ei roi
gaps-nothing = Nid oes gwasanaeth y gallwch ei weld yn cyfrif yn { $place } ar gyfer y rownd hon, felly nid oes bwlch i’w ddangos. Mae’r hyn a wyddys am yr ardal ei hun isod.
gaps-method = Sut y ceir y ffigurau hyn
gaps-staff-as-at = Mae’r staff fel yr oeddent ar { $staffing_as_at }. Dim ond atebion a gyflwynwyd sy’n cyfrif.
gaps-arithmetic = Angen yw poblogaeth ÷ pen uchaf a phen isaf ystod y boblogaeth; bwlch = angen − mewn swydd; cyflenwad = mewn swydd ÷ angen. Cyfrifir y ffigurau heb eu talgrynnu a’u hargraffu i 0.01 WTE.
gaps-estimated-about = Cyfrifwyd poblogaeth a nodir fel “amcangyfrif” o’r bobl o bob oed a adroddwyd gan y gwasanaeth a chyfran y bobl 50 oed a throsodd yn ei ardal.
gaps-areas-as-at = Mae’r ardaloedd wedi’u grwpio fel yr oeddent ar { $geography }. Mae gwasanaeth yn cyfrif yn ei ardal letyol yn unig, hyd yn oed lle mae’n gweld cleifion yr ardal nesaf.
gaps-services-table = Gwasanaethau, tabl
gaps-reported = Fel yr adroddwyd (pob oed)
gaps-50 = 50 oed a throsodd
gaps-yours = (eich un chi)
gaps-business-case = Achos busnes
gaps-needs = angen { $need }
gaps-estimated = amcangyfrif
gaps-no-service = Nid oes gan unrhyw wasanaeth hynny yn ei enw na’i god. <a href="{ $without_text }">Dangos pob gwasanaeth</a>.
gaps-areas = Ardaloedd: { $role }
gaps-areas-about = Mae’r bwlch net yn gadael i warged gyfrif yn erbyn prinder; nid yw swm y diffygion, am nad yw gwarged drws nesaf yn trin neb. Ysbytai heb wasanaeth yw ysbytai torri clun nad oes gwasanaeth yn eu cwmpasu, gyda’r cleifion torasgwrn y byddid yn eu disgwyl yno mewn blwyddyn. Mae gwasanaeth yn cyfrif yn ei ardal letyol yn unig. Daearyddiaeth fel yr oedd ar { $geography }.
gaps-areas-table = Ardaloedd, tabl
gaps-areas-caption = Symiau pob ardal ar gyfer { $role }, WTE
gaps-without-service = Ysbytai heb wasanaeth
gaps-counted-missing = Gwasanaethau a gyfrifwyd (ar goll)
gaps-net-gap = Bwlch net
gaps-shortfall-sum = Swm y diffygion
gaps-need-everybody = Angen pawb
gaps-hospitals = Ysbytai
gaps-expected-cases = Achosion disgwyliedig
gaps-without-figure = { $unmapped_without } heb ffigur
gaps-what-there-is = Yr hyn sydd ar gael
gaps-year-link = Blwyddyn archwilio { $text }
gaps-all-areas = Pob ardal y gallwch ei gweld
gaps-services = Gwasanaethau: { $role }
gaps-totals-caption = Cyfansymiau, { $label }
gaps-chart = { $role }: mewn swydd ac a argymhellir
gaps-chart-caption = { $role } mewn swydd ac a argymhellir, WTE
