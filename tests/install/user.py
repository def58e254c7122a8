# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's script, for mypy --strict."""

import decimal
import pathlib

import numpy as np
import ordpar

curve = ordpar.curve("0:1:2", K=2, L=8, eta=decimal.Decimal("0.1"), moments=[1], init="mean")
end: float = float(curve.eps_g[-1]) + float(curve.R[0, -1, 0, 0])
measured = ordpar.spectrum(data=[np.zeros((3, 2)), pathlib.Path("images.npy")], N=2)
again = ordpar.curve(np.linspace(0, 1, 3), overlaps=curve.overlaps, spectrum=measured, student_units=3)
pair = ordpar.curve(1.0, spectrum=([2.0, 1.0], [3, 5]), student_output=[1, "0.5"])
form = ordpar.closed_form("linear-exact", [1, 2.0], eta=0.3)
plateau: float = ordpar.closed_form("plateau", K=3, M=3)["Q"]
text: str = ordpar.closed_form("plateau", digits=40)["Q"]
precise = ordpar.closed_form("features", "0:1:2", digits=40, trainable=3)
best = ordpar.closed_form("frontier", compute="1:1e5:6:log")["trained"][-1]
model: str = curve.facts["model"]
schedule = ordpar.optimize(eta_max=1, until=2.0, knots=3, K=1, M=1, L=1)
schedule.save(pathlib.Path("schedule.csv"))
first_rate: float = float(schedule.eta[0]) + schedule.eps_g
names = [row.name for row in ordpar.SETTINGS.values()]
try:
    ordpar.simulate(3.0, runs=2, N=16, L=4)
except ordpar.Error as error:
    print(error.status)
print(ordpar.grid("0:1:2").sum(), precise.eps_g, form.facts, form * 2, again == curve, pair.overlaps.q)

model_of_three = ordpar.Model(K=3, M=3, L=8, eta="0.2", init="mean")
other = model_of_three.replace(eta=None, student_units=2)
rate: float = other.eta + model_of_three.sigma_j + model_of_three.K
runs = model_of_three.simulate([1.0, 2.0], runs=4, progress=lambda fraction: print(fraction))
both = model_of_three.compare("0:1:2").theory[-1] + model_of_three.closed_form("plateau")["Q"]
found = ordpar.report(model_of_three.curve("0:1:9"))["escape_rate"]
escape: float = found.measured / found.predicted
table = model_of_three.sweep("1:1e3:90:log", eta=[0.1, 0.2], L=np.arange(1, 5), threads=2, what="curve")
axes = runs.plot(model_of_three.curve([1.0]).plot(), color="red")
frames = [table.to_pandas(), runs.to_xarray(), form.to_pandas(), measured.to_pandas()]
print(table["eps_g"].shape, table.failures, table.axes["eta"], form.alpha, curve.settings, rate, other == model_of_three)
