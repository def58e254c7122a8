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

state: ordpar.State = curve.state(1.0)
later: ordpar.Curve = ordpar.curve([2.0, 3.0], continue_from=state)
own = ordpar.Activation.fit(np.arctan)
of_own: ordpar.Simulation = ordpar.simulate([1.0], activation=own, runs=2, N=16, L=4, teacher_output=1, student_output=[1, 1])
law = ordpar.closed_form("escape-law", L=4, eta=0.5)
starts: ordpar.Sweep = ordpar.sweep("0.1:2000:80:log", seed=range(1, 9), L=4, teacher="mean")
axes = starts.plot(histogram="plateau_exit", law=law)
axes = later.plot(axes, y=["R1_1_1", "R1_1_2"], x="alpha*eta")
compared: ordpar.Comparison = ordpar.compare([1.0, 2.0], runs=3, against="ode+1/N", N=16, L=4)
optimum: ordpar.Optimum = schedule
report: ordpar.Report = ordpar.report((np.arange(9.0), np.ones(9)), K=3, M=3)
panels = ordpar.figure("phases", pathlib.Path("figures"), picture="png")["phases"]
digits: ordpar.Precise = ordpar.precision("0:1:2", digits=20, L=1)
overlaps: ordpar.Overlaps = later.overlaps
spectrum: ordpar.Spectrum = ordpar.spectrum(L=8, N=64)
fact: float = law.facts["tau"].value
print(repr(of_own), len(panels), digits.alpha, overlaps.q.shape, spectrum.eigenvalues, fact, compared.sd, optimum.eta, report["plateau_exit"].begin)
