published-heading = Rowndiau a gyhoeddwyd
published-about = Rowndiau’r archwiliad cyfleusterau y mae eu hadroddiad wedi’i gyhoeddi.
published-none = Nid oes rownd wedi’i chyhoeddi eto. Bydd rownd yn ymddangos yma unwaith y caiff ei hadroddiad ei gyhoeddi.
published-staffing = Staffio gwasanaethau
published-staffing-about = { $names }. Swyddi cyfwerth ag amser cyflawn (WTE) sydd wedi’u llenwi, fel y’u cyflwynwyd gan y gwasanaethau. Lle mae llai nag un swydd gyfan wedi’i llenwi ni ddangosir y ffigur, gan y gall fod yn un person: dywed “under 1”. Lle byddai cyfanswm y rhanbarth yn datgelu ffigur o’r fath, atelir un arall gydag ef. <a href="/published">Rowndiau eraill</a>.
published-table = Staffio gwasanaethau, tabl
published-caption = Nyrsys a gweinyddwyr mewn swydd fesul gwasanaeth, WTE
published-service = Gwasanaeth
published-nurses = Nyrsys
published-administrators = Gweinyddwyr
published-no-staffing = Ni chyflwynodd unrhyw wasanaeth ei staffio yn y rownd hon.
published-report = Adroddiad cenedlaethol
published-data = Data agored
published-benchmarks = Meincnodau
published-benchmarks-about = Sut mae’r gwasanaethau’n cymharu yn y DPA clinigol, o’r data y mae’r adroddiad yn seiliedig arnynt. Gall gwahaniaeth rhwng gwasanaethau fod yn hap, neu’n wahaniaeth yn eu cleifion.
published-n = { $services } o wasanaethau
published-benchmark-national = Pob gwasanaeth gyda’i gilydd: { $national }. Y gwasanaeth canol: { $median }. Mae gan { $services } o wasanaethau y ffigur hwn.
published-benchmark-outliers = Gelwir gwasanaeth yn allanolyn dim ond ar ôl iddo wirio ei ddata, cael gwybod a chael gwrandawiad, a’r ffigur yn sefyll. { $outliers ->
    [0] Nid oes yr un.
    [one] Mae un.
   *[other] Mae { $outliers }.
  }
published-benchmark-withheld = Caiff { $withheld } ffigur ei ddal yn ôl: o 1 i 4 claf, neu’r hyn a fyddai’n datgelu rhif o’r fath.
published-benchmark-file = Y tabl hwn fel ffeil CSV
