sign-in-heading = Mewngofnodi
sign-in-ended = Mae angen mewngofnodi i weld y dudalen honno. Os oeddech wedi mewngofnodi, mae’ch sesiwn wedi dod i ben; mae popeth a gadwyd gennych yn dal yno.
sign-in-kept = Mae’ch sesiwn wedi dod i ben, felly nid yw’r hyn a roesoch wedi’i gadw’n derfynol eto. Fe’i cedwir ichi, ac nid oes neb arall yn ei weld: mewngofnodwch eto, a bydd yn sefyll yn ei adran, i’w gadw.
sign-in-already = Rydych wedi mewngofnodi fel { $signed_in_as }. Os byddwch yn mewngofnodi eto, bydd y sesiwn honno’n dod i ben. <a href="/">Mynd i’ch hafan</a>
sign-in-demo = Mewngofnodi i’r arddangosiad
sign-in-demo-about = Arddangosiad yw hwn: dewiswch pwy yr hoffech fod. Nid oes angen cyfrinair, gan nad oes dim yma’n real.
sign-in-demo-mails = Ni chaiff negeseuon e-bost eu hanfon oddi yma: gallwch <a href="/demo/mails">eu darllen yn lle hynny</a>.
sign-in-link = Gyda dolen mewn e-bost
sign-in-link-about = Nid oes angen cyfrinair. Byddwn yn anfon dolen i’ch cyfeiriad; mae’n gweithio am awr, unwaith yn unig.
sign-in-link-button = Anfonwch ddolen fewngofnodi ataf
sign-in-password = Gyda chyfrinair
sign-in-forgotten = Rwyf wedi anghofio fy nghyfrinair
sign-in-no-account = Os nad oes gennych gyfrif
sign-in-no-account-about = Mae tîm yr archwiliad yn gwahodd arweinwyr FLS a chomisiynwyr; mae arweinydd FLS gwasanaeth yn gwahodd cydweithwyr. Gofynnwch iddynt.
sign-in-with = Mewngofnodi gyda { $provider }
openid-number = Rhif y cais hwn: <code>{ $request_id }</code>
openid-other-ways = Ffyrdd eraill o fewngofnodi
openid-sign-in-page = Mynd i’r dudalen fewngofnodi
sign-in-to = Mewngofnodi i { $service_name }
sign-in-link-once = Mae’ch dolen yn gweithio unwaith. Pwyswch y botwm ar y cyfrifiadur yr hoffech weithio arno.
sign-in-link-used = Nid yw’r ddolen fewngofnodi hon yn gweithio mwyach
sign-in-link-used-why = Mae pob dolen yn gweithio unwaith ac am gyfnod penodol. Mae hon wedi’i defnyddio, wedi dod i ben, neu heb ei chopïo’n gyfan.
sign-in-link-used-advice = Os yw’r ddolen mewn e-bost, gwnewch yn siŵr eich bod wedi agor yr un diweddaraf, a bod y cyfeiriad cyfan wedi’i agor. Fel arall, gofynnwch am ddolen newydd: munud mae’n ei gymryd.
sign-in-link-new = Cael dolen fewngofnodi newydd
code-heading = <span class="nhsuk-caption-l">Yn mewngofnodi fel { $name }</span>Rhowch eich cod
code-no-authenticator = Nid yw fy nilyswr gennyf
code-recovery-about = Defnyddiwch un o’r codau adfer a gadwyd gennych wrth osod yr ail ffactor.
code-recovery-button = Mewngofnodi gyda chod adfer
code-no-recovery = Os nad oes gennych god adfer ar ôl, gofynnwch i dîm yr archwiliad dynnu eich ail ffactor. Wedyn byddwch yn mewngofnodi drwy ddolen mewn e-bost.
code-not-you = Nid chi? Dechreuwch eto
reset-heading = Dewis cyfrinair newydd
forgotten-about = Byddwn yn anfon dolen i’ch cyfeiriad er mwyn ichi ddewis cyfrinair newydd. Gallwch hefyd <a href="/sign-in">fewngofnodi drwy ddolen mewn e-bost</a> heb fod angen cyfrinair byth.
forgotten-button = Anfonwch y ddolen ataf
reset-about = Daw’ch sesiynau i ben ym mhobman, a byddwch yn mewngofnodi gyda’r cyfrinair newydd. Os oes gennych ail ffactor, gofynnir amdano o hyd.
reset-button = Gosod y cyfrinair
link-used = Nid yw’r ddolen hon yn gweithio mwyach
reset-used-why = Mae dolen i ddewis cyfrinair newydd yn gweithio unwaith, o fewn awr, a hyd nes y caiff y cyfrinair ei newid. Mae hon wedi’i defnyddio, wedi dod i ben, neu heb ei chopïo’n gyfan.
reset-used-new = Cael dolen newydd
reset-used-or = Neu <a href="/sign-in">mewngofnodwch</a> os yw’ch cyfrinair eisoes wedi’i newid.
section-link-heading = Llenwi adran o’r archwiliad cyfleusterau
section-link-about = Mae rhywun o Wasanaeth Cyswllt Toriadau yn gofyn ichi ateb un adran o’i holiadur. Nid oes angen cyfrif arnoch. Bydd pwy bynnag a anfonodd y ddolen atoch yn gweld eich atebion, ac yn eu cyflwyno gyda’r lleill.
section-link-signed-in = Rydych wedi mewngofnodi fel { $signed_in_as }. Os ewch ymlaen drwy’r ddolen hon, byddwch yn cael eich allgofnodi.
section-link-button = Mynd i’r adran
section-link-used-why = Mae dolen i adran yn gweithio hyd nes iddi ddod i ben neu gael ei thynnu’n ôl. Mae hon wedi dod i ben, wedi’i thynnu’n ôl, neu heb ei chopïo’n gyfan. Mae’r hyn a gadwyd gennych yn ddiogel.
section-link-used-advice = Gwnewch yn siŵr bod y cyfeiriad cyfan wedi’i agor. Fel arall, gofynnwch i bwy bynnag a anfonodd y ddolen atoch am un newydd.
sent-heading = Edrychwch ar eich e-bost
sent-demo = Nid yw’r arddangosiad yn anfon e-byst. <a href="/demo/mails">Darllenwch yr e-byst y byddai wedi’u hanfon</a>
sent-nothing = Os na ddaw dim o fewn deng munud
sent-junk = Edrychwch yn y ffolder sothach.
sent-address = Gwiriwch y cyfeiriad: rhaid iddo fod yr un y cawsoch eich gwahodd drwyddo. <a href="{ $again }">Rhowch gynnig arall arni</a>
sent-five = Anfonir pum dolen yr awr ar y mwyaf i bob cyfeiriad. Os ydych wedi gofyn am ragor, defnyddiwch yr un ddiweddaraf, neu arhoswch.
sent-no-account = Os nad oes gennych gyfrif eto, gofynnwch i dîm yr archwiliad, neu i arweinydd FLS eich gwasanaeth, eich gwahodd.
too-many-heading = Gormod o geisiadau
too-many-why = Bu gormod o gyfrineiriau neu godau anghywir, felly ni dderbynnir rhagor oddi yma am y tro. Nid yw’ch cyfrif wedi’i gloi, ac ni newidiwyd dim ynddo.
too-many-wait = Arhoswch { $minutes ->
       [one] { $minutes } funud
       [two] { $minutes } funud
       *[other] { $minutes } munud
    }, yna rhowch gynnig arall arni.
too-many-link = Os y cyfrinair sydd ddim yn gweithio, nid oes rhaid aros: <a href="/sign-in">gofynnwch am ddolen fewngofnodi</a>, sy’n gweithio hebddo.
too-many-not-yours = Os nad chi a wnaeth y ceisiadau hyn, rhowch wybod i dîm yr archwiliad.
