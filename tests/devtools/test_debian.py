"""Packages through the machine's own apt, from a small archive made here."""

import hashlib
import subprocess

import pytest

from devtools import debian
from devtools.errors import SetupError


@pytest.fixture
def repository(tmp_path):
    """Make an archive with one package that holds one file."""
    folder = tmp_path / "repository"
    content = tmp_path / "content"
    (content / "DEBIAN").mkdir(parents=True)
    control = "Package: hello-sx\nVersion: 1\nArchitecture: all\nMaintainer: x <x@y.z>\n"
    (content / "DEBIAN" / "control").write_text(f"{control}Description: x\n")
    (content / "usr").mkdir()
    (content / "usr" / "hello").write_text("hello" * 1000)
    folder.mkdir()
    package = folder / "hello-sx_1_all.deb"
    build = ["dpkg-deb", "--root-owner-group", "--build", content, package]
    subprocess.run(build, check=True, capture_output=True)
    index(folder, control, hashlib.sha256(package.read_bytes()).hexdigest())
    return folder


def index(folder, control, digest):
    package = folder / "hello-sx_1_all.deb"
    (folder / "Packages").write_text(
        f"{control}Filename: ./{package.name}\nSize: {package.stat().st_size}\nSHA256: {digest}\n"
        "Description: x\n\n"
    )


def archive_of(repository, tmp_path, options="trusted=yes"):
    folder = tmp_path / "apt"
    folder.mkdir(exist_ok=True)
    sources = folder / "sources.list"
    # "copy" transfers the file, as a download does; "file" would only point to it.
    sources.write_text(f"deb [{options}] copy:{repository} ./\n")
    settings = {
        "Dir::Etc::sourcelist": str(sources),
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::status": "/dev/null",
    }
    return debian.Archive(folder, tmp_path / "apt.log", settings)


def test_download_and_unpack(repository, tmp_path):
    archive = archive_of(repository, tmp_path)
    archive.update()
    (package,) = archive.download(["hello-sx"], tmp_path / "packages")
    archive.unpack(package, tmp_path / "root")
    assert (tmp_path / "root" / "usr" / "hello").read_text().startswith("hello")
    archive.forget()
    assert not archive.folder.exists()


def test_an_interrupted_download_is_completed(repository, tmp_path):
    archive = archive_of(repository, tmp_path)
    archive.update()
    whole = (repository / "hello-sx_1_all.deb").read_bytes()
    half = tmp_path / "packages" / "hello-sx_1_all.deb"
    half.parent.mkdir()
    half.write_bytes(whole[: len(whole) // 2])
    (package,) = archive.download(["hello-sx"], tmp_path / "packages")
    assert package.read_bytes() == whole


def test_a_package_that_differs_from_the_index_is_refused(repository, tmp_path):
    control = "Package: hello-sx\nVersion: 1\nArchitecture: all\n"
    index(repository, control, "0" * 64)
    archive = archive_of(repository, tmp_path)
    archive.update()
    with pytest.raises(SetupError, match="Downloading packages failed"):
        archive.download(["hello-sx"], tmp_path / "packages")


def test_an_archive_without_signature_is_refused(repository, tmp_path):
    archive = archive_of(repository, tmp_path, "trusted=no")
    with pytest.raises(SetupError, match=r"(?:signature|Release file)"):
        archive.update()


def test_a_missing_archive_is_one_sentence(tmp_path):
    with pytest.raises(SetupError, match=r"Reading the package index failed: .*Whole output: "):
        archive_of(tmp_path / "nowhere", tmp_path).update()


def test_the_mirror_of_this_machine_is_chosen_among_its_archives():
    targets = [
        "http://security.test/debian-security/|Debian|main|Packages",
        "http://other.test/apt/|Other|main|Packages",
        "http://mirror.test/debian/|Debian|main|Translations",
        "http://mirror.test/debian/|Debian|main|Packages",
    ]
    assert debian.choose_mirror(targets) == "http://mirror.test/debian"
    assert debian.choose_mirror(["http://u.test/ubuntu/|Ubuntu|main|Packages"]) is None
    assert debian.choose_mirror([]) is None


def test_the_mirror_is_read_from_apts_files_before_the_first_index(tmp_path):
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (tmp_path / "sources.list").write_text(
        "# deb http://commented.test/debian bookworm main\n"
        "deb [arch=amd64] http://line.test/debian/ bookworm main\n"
    )
    (folder / "debian.sources").write_text(
        "Types: deb\nURIs: http://block.test/debian\nSuites: bookworm\n\n"
        "Types: deb\nURIs: http://block.test/debian-security\nSuites: bookworm-security\n"
    )
    (folder / "off.list.disabled").write_text("deb http://off.test/debian bookworm main\n")
    found = list(debian.configured_addresses(tmp_path))
    assert found == ["http://line.test/debian", "http://block.test/debian"]


def test_the_user_may_name_a_mirror():
    assert debian.find_mirror({"DEBIAN_MIRROR": "http://x.test/debian/"}) == "http://x.test/debian"
