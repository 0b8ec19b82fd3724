text-edit-heading = Golygu: { $title }
text-preview = Rhagolwg
text-preview-about = Fel hyn y byddai’r dudalen yn edrych. Nid oes dim wedi’i gadw eto.
text-save = Cadw
text-address = E-bost:
