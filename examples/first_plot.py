# SPDX-License-Identifier: GPL-3.0-or-later
"""A learning curve and its plateau, drawn: python3 first_plot.py FILE"""

import sys

import matplotlib.pyplot as plt
import ordpar

curve = ordpar.curve("0.1:1e5:300:log", K=2, M=2, N=1024, L=16, beta=1, eta=0.1, sigma_j=0.01)
plateau = ordpar.closed_form("plateau", K=2, M=2, N=1024, L=16, beta=1)
plt.loglog(curve.alpha, curve.eps_g, label="integrated")
plt.axhline(plateau["eps_g"], linestyle="dashed", label="plateau")
plt.xlabel(r"$\alpha$")
plt.ylabel(r"$\epsilon_g$")
plt.legend()
plt.savefig(sys.argv[1])
