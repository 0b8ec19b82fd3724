account-heading = Eich cyfrif
account-name = Enw
account-change = Newid
account-change-name = eich enw
account-email = Cyfeiriad e-bost
account-email-changes = Os bydd yn newid, gofynnwch i dîm yr archwiliad wahodd yr un newydd.
account-held = Eich rôl yma
account-nothing-held = Dim ar hyn o bryd. Tîm yr archwiliad sy’n rhoi rolau.
account-password = Cyfrinair
account-password-none = Dim: rydych yn mewngofnodi drwy ddolen mewn e-bost
account-set = Gosod
account-your-password = eich cyfrinair
account-second-factor = Ail ffactor
account-factor-set = Wedi’i osod; { $left ->
       [two] { $left } god adfer
       *[other] { $left } cod adfer
    } ar ôl
account-none = Dim
account-factor-asked = Mae eich rôl yn gofyn am un.
account-set-up = Gosod
account-your-factor = eich ail ffactor
account-signed-in = Wedi mewngofnodi
account-here-alone = Yma’n unig
account-in-places = Mewn { $sessions } lle
account-see = Gweld
account-where = ble rydych wedi mewngofnodi
account-takes-over = Os bydd rhywun arall yn cymryd drosodd
account-hand-over = Trosglwyddo arweinyddiaeth eich gwasanaeth
name-heading = Newid eich enw
name-save = Cadw
password-sessions-end = Daw’ch sesiynau eraill i ben pan fyddwch yn ei newid.
password-saves-wait = Gallwch barhau i fewngofnodi drwy ddolen mewn e-bost; mae cyfrinair yn arbed yr aros.
password-not-known = Os nad ydych yn gwybod yr un presennol, allgofnodwch a <a href="/sign-in/forgotten">dewiswch un newydd drwy ddolen mewn e-bost</a>.
codes-heading = Cadwch eich codau adfer
codes-about = Mae pob un yn eich mewngofnodi unwaith pan nad yw’ch dilyswr gennych. <strong>Dyma’r unig dro y cânt eu dangos.</strong> Argraffwch y dudalen hon neu nodwch nhw, a’u cadw lle rydych yn cadw papurau pwysig, nid gyda’ch ffôn.
codes-kept = Rwyf wedi’u cadw: ymlaen
factor-heading = Eich ail ffactor
factor-is-set = Mae wedi’i osod: mae angen cod o’ch dilyswr hefyd ar bwy bynnag sy’n mewngofnodi fel chi.
factor-new-codes = Codau adfer newydd
factor-left = Mae gennych { $left ->
       [two] { $left } god adfer
       *[other] { $left } cod adfer
    } ar ôl. Mae’r rhai newydd yn cymryd lle’r hen rai i gyd.
factor-make-codes = Creu codau adfer newydd
factor-take-away = Ei dynnu
factor-must-have = Mae eich rôl yn gofyn am ail ffactor, felly ni allwch ei dynnu. Os bydd eich ffôn yn newid, gall cydweithiwr yn nhîm yr archwiliad ei dynnu, a byddwch yn gosod un arall wrth fewngofnodi.
factor-before-change = Gwnewch hyn cyn newid eich ffôn, yna ei osod o’r newydd.
factor-take-away-button = Tynnu’r ail ffactor
factor-new-heading = Gosod ail ffactor
factor-new-role = Mae eich rôl yn cyrraedd atebion pob gwasanaeth, felly mae’n gofyn am ail ffactor. Gosodwch ef i fynd ymlaen.
factor-new-about = Cod chwe digid y mae dilyswr yn ei ddangos yw ail ffactor: ap ar eich ffôn, neu reolwr cyfrineiriau. Bydd unrhyw un sy’n derbyn codau untro (TOTP) yn gwneud y tro.
factor-new-add = 1. Ychwanegwch y cyfrif hwn at eich dilyswr
factor-new-read = Gadewch iddo ddarllen y llun hwn:
factor-new-picture = Cod QR o’r allwedd a welir isod
factor-new-type = Neu teipiwch yr allwedd hon iddo:
factor-new-open = Neu, ar y ddyfais sydd â’r dilyswr, <a href="{ $address }">agorwch ef yno</a>.
factor-new-show = 2. Dangoswch ei fod yn gweithio
factor-new-button = Gosod yr ail ffactor
account-sign-out = Allgofnodi
sessions-heading = Ble rydych wedi mewngofnodi
sessions-about = Os nad ydych yn adnabod un o’r rhain, dewch â hi i ben a newidiwch eich cyfrinair. Daw sesiwn nas defnyddir i ben ohoni’i hun ar ôl dwy awr.
sessions-this = Yr un hon
sessions-from = O gyfeiriad { $address }<br>Ers { $began }<br>Defnyddiwyd ddiwethaf { $seen }<br>Daw i ben { $ends }
sessions-end = Dod i ben
sessions-end-of = â sesiwn { $browser } ers { $began }
sessions-end-others = Dod â’r lleill i gyd i ben
sessions-nowhere-else = Nid ydych wedi mewngofnodi yn unman arall.
hand-over-heading = Trosglwyddo’r arweinyddiaeth
hand-over-service = Gwasanaeth
hand-over-none = Nid ydych yn arwain gwasanaeth, felly nid oes dim i’w drosglwyddo. Gall tîm yr archwiliad newid eich rolau.
