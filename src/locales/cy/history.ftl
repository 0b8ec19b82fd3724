history-table = { $label }, tabl
history-newest = { $label }, y diweddaraf yn gyntaf
history-when = Pryd
history-who = Pwy
history-what = Beth
history-before = Cynt
history-after = Wedyn
history-back = Pob adran o { $service }
history-response = <span class="nhsuk-caption-l">Blwyddyn archwilio { $year }</span>Hanes ymateb { $service }
history-response-about = Pwy newidiodd pa ateb, y diweddaraf yn gyntaf. <a href="{ $download }">Lawrlwytho fel CSV</a>.
history-nobody = Nid oes neb wedi ateb dim eto. Bydd pob ateb a gaiff ei gadw yn ymddangos yma.
history-back-to-newest = Yn ôl i’r diweddaraf
history-older = Hŷn
history-heading = Hanes
history-about = Popeth a wnaed, y diweddaraf yn gyntaf. Ni ellir newid dim ynddo heb i hynny gael ei weld.
history-choose = Dewis beth i’w ddangos
history-show = Dangos
history-download = Lawrlwytho fel CSV
