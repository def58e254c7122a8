# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the wheel of `pip install .` and `pip wheel .` (PEP 517), with CMake and nothing else.

The wheel holds the module, the library, the program as ordpar/bin/ordpar, its manual and completions, and the shared libraries
that they need but those of the C library: their RPATH, which libraries without one inherit, points to ordpar/_libs. Without MPI.
The environment variable CMAKE_BUILD_TYPE, of CMake, is heeded; Release where it is not set.
"""

import base64
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sysconfig
import tarfile
import tempfile
import zipfile

try:
    import tomllib
except ImportError:  # Python below 3.11
    import tomli as tomllib

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BUILD = SOURCE / "build/wheel"
PROJECT = tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]
NAME = PROJECT["name"]
VERSION = re.search(r"project\(ordpar VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text())[1]
TAG = "py3-none-" + re.sub(r"[-.]", "_", sysconfig.get_platform())
INFO = f"{NAME}-{VERSION}.dist-info"
SYSTEM = re.compile(r"(linux-vdso|ld-linux.*|libc|libm|libmvec|libpthread|libdl|librt|libresolv)\.so")


def run(*words, **environment):
    if not shutil.which(words[0]):
        raise SystemExit(f"{words[0]} is needed to build ordpar: README.md says what to install")
    return subprocess.run(
        list(map(str, words)), check=True, text=True, stdout=subprocess.PIPE, env={**os.environ, **environment}
    ).stdout


def cache():
    """What a compiler cache, where there is one, needs to know a file again in another folder: pip's are temporary."""
    if not shutil.which("ccache"):
        return {}
    return {"CMAKE_C_COMPILER_LAUNCHER": "ccache", "CCACHE_BASEDIR": str(SOURCE), "CCACHE_NOHASHDIR": "yes", **os.environ}


def metadata():
    """The text of METADATA."""
    lines = ["Metadata-Version: 2.1", f"Name: {NAME}", f"Version: {VERSION}", f"Summary: {PROJECT['description']}"]
    lines += [f"License: {PROJECT['license']}", f"Keywords: {','.join(PROJECT['keywords'])}"]
    lines += [f"Requires-Python: {PROJECT['requires-python']}"]
    lines += [f"Classifier: {c}" for c in PROJECT["classifiers"]]
    lines += [f"License-File: {f}" for f in PROJECT["license-files"]]
    lines += [f"Requires-Dist: {d}" for d in PROJECT["dependencies"]]
    for extra, needed in PROJECT["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}"] + [f'Requires-Dist: {d}; extra == "{extra}"' for d in needed]
    readme = (SOURCE / PROJECT["readme"]).read_text()
    return "\n".join(lines) + "\nDescription-Content-Type: text/markdown\n\n" + readme


def install(stage):
    """Builds, and installs below `stage`: lib/ is what the wheel holds, share/ the manual and completions."""
    rpath = "-Wl,--disable-new-dtags"  # RPATH holds for the libraries of libraries too, RUNPATH does not
    kind = os.environ.get("CMAKE_BUILD_TYPE", "Release")
    run("cmake", "-S", SOURCE, "-B", BUILD, "-G", "Ninja", f"-DCMAKE_BUILD_TYPE={kind}", "-DORDPAR_MPI=OFF", "-DORDPAR_STATIC_PROGRAM=OFF",
        "-DCMAKE_INSTALL_LIBDIR=lib/ordpar/_libs", "-DCMAKE_INSTALL_BINDIR=lib/ordpar/bin", "-DORDPAR_PYTHON_DIR=lib",
        "-DCMAKE_INSTALL_RPATH=$ORIGIN;$ORIGIN/../_libs", f"-DCMAKE_EXE_LINKER_FLAGS={rpath}",
        f"-DCMAKE_SHARED_LINKER_FLAGS={rpath}", **cache())  # fmt: skip
    run("cmake", "--build", BUILD, **cache())
    for component in ("library", "runtime", "python"):
        run("cmake", "--install", BUILD, "--prefix", stage, "--component", component, "--strip")
    for link in (stage / "lib/ordpar/_libs").glob("libordpar.so.*"):  # a wheel has no links: one file, by its short name
        if link.is_symlink():
            link.resolve().replace(link)


def needed(files):
    """{name: path} of the shared libraries that the files are linked to."""
    lines = [line for file in files for line in run("ldd", file).splitlines()]
    pairs = (re.match(r"\s*(\S+) => (/\S+)", line) for line in lines)
    return {m[1]: pathlib.Path(m[2]).resolve() for m in pairs if m and not SYSTEM.match(m[1])}


def package_of(path):
    """The Debian package that a file belongs to, None where there is none; dpkg may know it by its place before /usr was merged."""
    if not shutil.which("dpkg-query"):
        return None
    for name in (str(path), str(path).removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", name], text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        if found:
            return found.split(":")[0]
    return None


def licence(path):
    """The licence text of a library's Debian package, None where there is none."""
    text = pathlib.Path("/usr/share/doc") / str(package_of(path)) / "copyright"
    return text if text.is_file() else None


def shared(texts):
    """{name: path} of the licences to which Debian's texts refer instead of repeating them."""
    names = {name for text in texts for name in re.findall(r"common-licenses/([\w.+-]*\w)", text.read_text())}
    return {name: path for name in sorted(names) if (path := pathlib.Path("/usr/share/common-licenses") / name).is_file()}


def bundle(stage):
    """Adds the libraries that others lack; returns their licence texts."""
    libs, texts = stage / "lib/ordpar/_libs", {}
    for name, path in needed([*libs.iterdir(), stage / "lib/ordpar/bin/ordpar"]).items():
        if not path.is_relative_to(stage):
            shutil.copy(path, libs / name)
            texts[name] = licence(path)
    if lacking := sorted(name for name, text in texts.items() if not text):
        print(f"note: no licence text was found for {', '.join(lacking)}: add them before you pass this wheel on")
    texts = {name: text for name, text in texts.items() if text}
    return {f"licenses/{name}": text for name, text in {**texts, **shared(texts.values())}.items()}


class Wheel:
    def __init__(self, path):
        self.archive, self.record = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED), []

    def add(self, name, data, mode=0o644):
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.external_attr, entry.compress_type = (0o100000 | mode) << 16, zipfile.ZIP_DEFLATED
        self.archive.writestr(entry, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        self.record.append(f"{name},sha256={digest},{len(data)}\n")

    def add_tree(self, folder, below=""):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            self.add(below + path.relative_to(folder).as_posix(), path.read_bytes(), path.stat().st_mode & 0o777)

    def close(self):
        self.record.append(f"{INFO}/RECORD,,\n")
        self.archive.writestr(f"{INFO}/RECORD", "".join(self.record))
        self.archive.close()


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = pathlib.Path(metadata_directory) / INFO
    folder.mkdir()
    for name, text in information().items():
        (folder / name).write_text(text)
    return INFO


def information():
    """{name: text} of what dist-info holds beside licences."""
    scripts = "".join(f"{name} = {entry}\n" for name, entry in PROJECT["scripts"].items())
    about = f"Wheel-Version: 1.0\nGenerator: ordpar\nRoot-Is-Purelib: false\nTag: {TAG}\n"
    return {"METADATA": metadata(), "WHEEL": about, "entry_points.txt": f"[console_scripts]\n{scripts}"}


def add_information(wheel, texts):
    for name, text in information().items():
        wheel.add(f"{INFO}/{name}", text.encode())
    for name, path in {"LICENSE": SOURCE / "LICENSE", **texts}.items():
        wheel.add(f"{INFO}/{name}", path.read_bytes())


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"{NAME}-{VERSION}-{TAG}.whl"
    with tempfile.TemporaryDirectory() as folder:
        stage = pathlib.Path(folder).resolve()
        install(stage)
        texts = bundle(stage)
        wheel = Wheel(pathlib.Path(wheel_directory) / name)
        wheel.add_tree(stage / "lib")
        wheel.add_tree(stage / "share", f"{NAME}-{VERSION}.data/data/share/")
        add_information(wheel, texts)
        wheel.close()
    return name


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    raise SystemExit("ordpar has no editable installation (-e), since its library is built: pip install . does it again in seconds")


def build_sdist(sdist_directory, config_settings=None):
    """What Git knows of, or of a tree without Git all but build folders."""
    stem = f"{NAME}-{VERSION}"
    if (SOURCE / ".git").exists():
        files = run("git", "-C", SOURCE, "ls-files").splitlines()
    else:
        files = [p.relative_to(SOURCE) for p in SOURCE.rglob("*") if p.is_file() and "build" not in p.parts]
    with tarfile.open(pathlib.Path(sdist_directory) / f"{stem}.tar.gz", "w:gz") as archive, tempfile.TemporaryDirectory() as folder:
        for file in sorted(map(str, files)):
            archive.add(SOURCE / file, f"{stem}/{file}")
        about = pathlib.Path(folder) / "PKG-INFO"
        about.write_text(metadata())
        archive.add(about, f"{stem}/PKG-INFO")
    return f"{stem}.tar.gz"
