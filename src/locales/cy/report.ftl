report-title = Adroddiad cenedlaethol, blwyddyn archwilio { $year }
report-contents = Cynnwys
report-synthetic = Data synthetig – dyfeisiwyd pob gwasanaeth a ffigur yma
report-draft = Drafft yw hwn: mae'n seiliedig ar y data fel y maent ar hyn o bryd, sy'n dal i newid. Rhewch y data a dechrau'r rhagolwg i gael adroddiad sy'n dyfynnu ei doriad.
report-embargo = Dan embargo nes cyhoeddi'r adroddiad: darllenwch ef, dywedwch beth sydd o'i le, a pheidiwch â rhannu dim.
report-embargo-until = Dan embargo tan 9:30yb ar { $day }: darllenwch ef, dywedwch beth sydd o'i le, a pheidiwch â rhannu dim.
report-took-part = { $year }: mae { $clinical } o wasanaethau yn y ffigurau clinigol, gyda { $records } o gofnodion cleifion, a { $facilities } yn y ffigurau cyfleusterau; mae { $linked } yn y ddau.
report-matched = Mae “cyfatebol” dros y gwasanaethau sy'n cyfrif yn y ddwy flynedd: { $clinical } yn y ffigurau clinigol, { $facilities } yn y ffigurau cyfleusterau. Mae newid dros bob gwasanaeth hefyd yn newid o ran pa wasanaethau a gymerodd ran.
report-unmapped = Yn { $year } nid oedd unrhyw wasanaeth yn cwmpasu { $hospitals } o ysbytai sy'n trin torasgwrn clun ({ $percent } o'r cyfan).
report-kpi = Roedd DPA { $kpi } ({ $name }) yn { $percent } yn { $year }: { $numerator } o { $denominator }, dros { $n } o wasanaethau.
report-kpi-1 = Roedd gan { $numerator } o { $denominator } o wasanaethau ({ $percent }) ddata cyflawn yn { $year } (DPA { $kpi }, { $name }).
report-kpi-no-data = Nid oes data ar gyfer DPA { $kpi } ({ $name }).
report-kpi-before = Yn { $year } roedd yn { $percent }, dros { $n } o wasanaethau.
report-kpi-matched = Dros y { $n } o wasanaethau sy'n cyfrif yn y ddwy flynedd aeth o { $from } i { $to }.
report-kpi-spread = Mae hanner y gwasanaethau rhwng { $first } a { $third }; mae gan yr isaf { $low } a'r uchaf { $high }.
report-share-setting-acute = Mae { $yes } o { $of } o wasanaethau ({ $percent }) mewn lleoliad aciwt.
report-share-prescribes = Mewn { $yes } o { $of } o wasanaethau ({ $percent }) y Gwasanaeth Cyswllt Toriadau sy'n rhoi'r presgripsiwn cyntaf.
report-share-monitoring = Mae { $yes } o { $of } o wasanaethau ({ $percent }) yn monitro eu cleifion.
report-share-adherence = O'r { $of } sy'n dweud beth y mae eu monitro'n ei gwmpasu, mae { $yes } ({ $percent }) yn gofyn a yw cleifion yn dal i gymryd eu meddyginiaeth.
report-share-governance = Mae { $yes } o { $of } o wasanaethau ({ $percent }) yn cwrdd ynghylch llywodraethu o leiaf bob chwe wythnos.
report-share-no-governance = Nid oes gan { $yes } o { $of } o wasanaethau ({ $percent }) gyfarfodydd llywodraethu rheolaidd.
report-share-patients = Mae gan { $yes } o { $of } o wasanaethau ({ $percent }) gleifion neu ofalwyr yn eu cyfarfodydd llywodraethu.
report-share-survey = Cynhaliodd { $yes } o { $of } o wasanaethau ({ $percent }) arolwg o gleifion neu ofalwyr.
report-share-vacancy = Roedd gan { $yes } o { $of } o wasanaethau ({ $percent }) swydd wag ers dros chwe mis.
report-target-2 = Canfu { $yes } o { $of } o wasanaethau ({ $percent }) fwy nag 80% o'r cleifion disgwyliedig.
report-target-3 = Canfu { $yes } o { $of } o wasanaethau ({ $percent }) o leiaf hanner y toresgyrn asgwrn cefn disgwyliedig.
report-target-7 = Argymhellodd { $yes } o { $of } o wasanaethau ({ $percent }) driniaeth i o leiaf hanner eu cleifion.
report-target-11 = Mewn { $yes } o { $of } o wasanaethau ({ $percent }) roedd mwy na hanner y cleifion yn dal ar driniaeth ar ôl blwyddyn.
report-never-seen = Ni welwyd { $people } o bobl y disgwylid iddynt dorri asgwrn yn { $year } gan unrhyw wasanaeth; mae { $uncovered } ohonynt yn gleifion disgwyliedig y { $hospitals } o ysbytai nad oes gwasanaeth yn eu cwmpasu.
report-short-of-nurses = Mae gan { $services } o wasanaethau lai o nyrsys na'r ystod a argymhellir pa boblogaeth bynnag a gymerir, mewn { $areas } o fyrddau gofal integredig a byrddau iechyd.
report-method-of = Mae ffigurau { $year } yn dilyn methodoleg { $methodology }.
report-method-inclusion = Mae gwasanaeth yn cyfrif yn y ffigurau clinigol os oes ganddo fwy na { $records } o gofnodion cleifion, yng Nghymru a Lloegr. Mae'r ffigurau cyfleusterau ar gyfer pob gwasanaeth a gyflwynodd ymateb.
report-method-expected = Llwyth achosion disgwyliedig gwasanaeth yw { $times } gwaith nifer torasgwrn clun ei ysbytai.
report-method-missing = Nid yw ar goll yn golygu sero: hepgorir gwasanaeth heb ateb neu gyfrif o'r ffigur hwnnw, ac mae pob ffigur yn dweud o faint y mae. Cyfunir canrannau cleifion dros wasanaethau ac ni chânt eu torri ar 100% byth.
report-method-bases = Gosodir staffio wrth ochr yr argymhelliad ar ddwy boblogaeth, gan nad yw'n dweud pa un a olygir: yr un a adroddodd y gwasanaethau, o bob oed, a'r bobl 50 oed a throsodd.
report-method-silent = Lle mae ffigur yn seiliedig ar lai na { $fewest } o wasanaethau ni ddywedir dim am sut mae gwasanaethau'n cymharu, nac am newid.
report-method-cut = Ysgrifennir yr adroddiad o doriad data ac mae'n dweud yr un peth pryd bynnag yr ysgrifennir ef eto.
report-method-geography = Ardaloedd { $day } a ddefnyddir. Mae gwasanaeth yn cyfrif yn ei ardal letyol yn unig.
report-staffing = Yr angen isel yw angen pen uchaf yr ystod poblogaeth a argymhellir, a'r angen uchel yw angen ei phen isaf. Nid yw gwarged mewn un gwasanaeth yn trin neb mewn un arall, felly adir yr hyn y mae gwasanaethau'n brin ohono ar ei ben ei hun.
report-associations = Profwyd { $tested } o barau o'r hyn a atebodd gwasanaethau a DPA dros { $linked } o wasanaethau sydd â'r ddau; mae tystiolaeth ar gyfer { $found } ohonynt. Nid achos yw cysylltiad.
report-map = Nid oes gan { $uncovered } o { $areas } o fyrddau gofal integredig a byrddau iechyd wasanaeth â ffigur.
report-recommendations = Faint o wasanaethau sy'n galw am bob argymhelliad yn ôl yr hyn a atebwyd neu yn ôl eu DPA, o'r rhai y gellir dweud hynny amdanynt, ac mewn faint o fyrddau gofal integredig a byrddau iechyd y maent. Cyfrifir argymhelliad 12 lle mae nyrsys islaw'r ystod ar y ddwy boblogaeth, a 13 lle nad oes gwasanaeth gan ysbyty. Nid yw'r hyn sydd ar goll yn galw am ddim.
report-excluded = { $services ->
    [0] Mae pob gwasanaeth â chyfrifon ar gyfer { $year } yn y ffigurau clinigol.
   *[other] Nid yw { $services } o wasanaethau â chyfrifon ar gyfer { $year } yn y ffigurau clinigol.
  }
report-dictionary = Mae pob ffigur o dan allwedd, yr un un ym mhob cylch, y gellir dod o hyd iddo drwyddi yn JSON yr adroddiad hwn a'i osod wrth ochr yr hyn a argraffodd adroddiadau cynharach.
report-outliers-screened = O { $screened } o ffigurau gwasanaethau ar gyfer DPA 4 i 11, mae { $alarms } y tu hwnt i dri gwyriad safonol o’r ffigur cenedlaethol (larwm) a { $alerts } arall y tu hwnt i ddau (rhybudd), ar derfynau a ledir am y gwasgariad rhwng gwasanaethau.
report-outliers-rule = Gelwir ffigur yn allanolyn yma dim ond ar ôl i’w wasanaeth wirio ei ddata, cael gwybod a chael gwrandawiad, a’r ffigur yn sefyll.
report-outliers-named = { $named ->
    [0] Nid oes allanolyn wedi’i gadarnhau.
    [one] Cadarnhawyd un allanolyn.
   *[other] Cadarnhawyd { $named } allanolyn.
  } { $open ->
    [0] Nid oes yr un yn cael ei archwilio.
    [one] Roedd un ffigur arall yn cael ei archwilio pan ysgrifennwyd hwn, ac nid yw’n cael ei enwi.
   *[other] Roedd { $open } ffigur arall yn cael eu harchwilio pan ysgrifennwyd hwn, ac nid ydynt yn cael eu henwi.
  }
report-outliers = Allanolion
report-outliers-confirmed = Allanolion a gadarnhawyd
report-alert = Rhybudd
report-alarm = Larwm
report-lower = Is
report-higher = Uwch
report-figure = Ffigur
report-national = Cenedlaethol
report-level = Lefel
report-side = Ochr
report-method-not-compared = Gofynnir y cwestiynau hyn yn wahanol i’r rownd gynharach, felly ni roddir newid ar eu cyfer: { $items }.
report-method-standard = { $name }: { $nurses } WTE o nyrsys a { $administrators } WTE o weinyddwyr am bob { $low } i { $high } o bobl. { $source }
report-associations-standing = { $standing } Cynllun y dadansoddiad yw { $plan }.
report-step-caution = { $step }: { $caution }
report-cascade-title = O’r toriad i driniaeth barhaol, { $year }
report-cascade-description = Bar ar gyfer pob cam: pobl a ddisgwylid, a gofnodwyd, a aseswyd, yr argymhellwyd triniaeth iddynt, a’i dechreuodd ac sy’n dal arni. Pobl blwyddyn arall yw’r cam olaf ac fe’i tynnir â llinellau toredig.
report-map-title = Adnabod toriadau breuder, { $year }: gwasanaethau ac ardaloedd
report-map-description = Ar y chwith, marc ar gyfer pob gwasanaeth yng nghanol ei ysbytai, cyn fawr â’i achosion disgwyliedig, a’i siâp yn dangos gradd ei adnabod; ysbytai nad oes gwasanaeth yn eu cwmpasu yw’r sgwariau â chroes. Ar y dde, teilsen ar gyfer pob ardal gyda’i ffigur a’i gradd, â llinellau toredig lle nad oes gan yr un gwasanaeth ffigur.
report-is-of = { $part } o { $whole }
report-from-to = { $low } i { $high }
report-points = { $value } pwynt
cascade-of-expected = { $percent }% o’r rhai a ddisgwylid
cascade-of-recorded = { $percent }% o’r rhai a gofnodwyd
cascade-of-recommended = { $percent }% o’r rhai yr argymhellwyd neu a atgyfeiriwyd
cascade-of-recommended-in = { $percent }% o’r rhai yr argymhellwyd neu a atgyfeiriwyd yn { $year }
cascade-others = pobl eraill: rhai { $year }
cascade-never-seen = { $people } o bobl na welwyd erioed
cascade-fewer = { $people } o bobl yn llai na’r cam blaenorol
cascade-more = { $people } o bobl yn fwy na’r cam blaenorol
report-services = { $value } o wasanaethau
report-source = { $source }.
