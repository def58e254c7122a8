# SPDX-License-Identifier: GPL-3.0-or-later
# gallery.sh PROGRAM SOURCE: the scripts of the gallery run (but overview.sh, half a minute of SGD), leave
# the pictures that docs/gallery.md shows, and say what it says.
set -euo pipefail
mkdir -p bin
ln -sf "$1" bin/ordpar
PATH=$PWD/bin:$PATH
source=$2
rm -f ./*.svg ./*.csv
for script in "$source"/examples/gallery/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" = overview ] || bash "$script" >"$name.out" 2>"$name.err" || { cat "$name.err" && exit 1; }
done
failed=0
says() { # NAME PATTERN: of a script's output
    grep -qE -- "$2" "$1.out" || { echo "$1: '$2' not in: $(tail -n 12 "$1.out")" && failed=1; }
}
says saad-solla '^plateau height,0\.02189007'
says saad-solla '^escape rate,0\.0047168'
says saad-solla '^0\.20*1?,0\.25819888[0-9]*,0\.020296588'
says biehl '^1e2,1921\.4.*,1865\.4'
says biehl '^1e10,4714\.1.*,4657\.8'
says goldt '^2,9\.39.*e-07,.*,4\.02.*e-06,4\.02'
says goldt '^4,.*,2\.13[0-9]*e-06$'
says goldt '^0\.1 1\.25[0-9]*e-05 1\.25e-05'
says yoshida-okada '^s = 0: .*length: 2926\.[0-9]*;.*rate: 0\.0032985'
says yoshida-okada '^s = 0.9: .*length: 1370\.[0-9]*;.*rate: 0\.0059610.* 0\.005971'
says tasks '^0\.5,0\.1689'
says schedules '^# eps_g: 8\.9[0-9]*e-05'
says phase-retrieval '^beta = 1: alpha = 100, .* = 1\.005'
for picture in $(sed -n 's/.*(gallery\/\([^)]*\.svg\)).*/\1/p' "$source/docs/gallery.md"); do
    [ "$picture" = worschech-rosenow.svg ] || grep -q '</svg>' "$picture" || { echo "no $picture" && failed=1; }
done
exit $failed
