"""Accounting for the test cluster: a slurmdbd with its database, from Debian's packages, unpacked and not installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from slurm_cluster import SlurmCluster, free_ports, until
from unpacked import unpacked

_PACKAGES = ("slurmdbd", "slurm-wlm-mysql-plugin", "mariadb-server-core", "mariadb-common", "mysql-common",
             "mariadb-client-core", "libmariadb3", "libaio1", "liburing2")
_PLUGINS = "/usr/lib/x86_64-linux-gnu/slurm-wlm"


def accounting_root() -> Path:
    """The folder with the programs. Unavailable where they cannot be had."""
    return unpacked("slurm-accounting", _PACKAGES)


class Accounting:
    """Starts the database and slurmdbd of a cluster; `lines` are for its slurm.conf."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._library = f"{root}/usr/lib/x86_64-linux-gnu:{root}/lib/x86_64-linux-gnu"
        self._port = free_ports(2)

    def lines(self, cluster: SlurmCluster) -> str:
        return (f"AccountingStorageType=accounting_storage/slurmdbd\nAccountingStorageHost=127.0.0.1\n"
                f"AccountingStoragePort={self._port}\nAccountingStoragePass={cluster.folder}/m/s\n"
                "AccountingStoreFlags=job_comment\nAccountingStorageEnforce=associations,limits,qos\n")

    def start(self, cluster: SlurmCluster) -> None:
        """Once munge runs, before slurmctld."""
        data, usr = cluster.folder / "db", self._root / "usr"
        environment = {**cluster.env, "LD_LIBRARY_PATH": self._library}
        subprocess.run([usr / "bin" / "mariadb-install-db", "--no-defaults", f"--basedir={usr}", f"--datadir={data}",
                        "--user=root", "--auth-root-authentication-method=normal", "--skip-test-db",
                        "--cross-bootstrap"], env=environment, check=True, capture_output=True, timeout=120)
        library = {"LD_LIBRARY_PATH": self._library}
        cluster.launch("mariadbd", [
            usr / "sbin" / "mariadbd", "--no-defaults", f"--basedir={usr}", f"--datadir={data}", "--user=root",
            "--bind-address=127.0.0.1", f"--port={self._port + 1}", f"--socket={data}/s",
            "--innodb-buffer-pool-size=16M", "--performance-schema=off"], library)
        client = [str(usr / "bin" / "mariadb"), "--no-defaults", "-uroot", "-h127.0.0.1", f"-P{self._port + 1}", "-e"]

        def ask(statement: str) -> bool:
            done = subprocess.run([*client, statement], env=environment, capture_output=True, check=False)
            return done.returncode == 0

        until(lambda: ask("SELECT 1"), f"mariadbd does not start; see {cluster.folder}/log")
        assert ask("CREATE DATABASE acct; CREATE USER s@127.0.0.1 IDENTIFIED BY 'p'; "
                   "GRANT ALL ON acct.* TO s@127.0.0.1")
        configuration = cluster.folder / "slurmdbd.conf"
        configuration.write_text(
            f"AuthType=auth/munge\nAuthInfo=socket={cluster.folder}/m/s\nDbdHost=localhost\nDbdAddr=127.0.0.1\n"
            f"DbdPort={self._port}\nSlurmUser=root\nPluginDir={_PLUGINS}:{self._root}{_PLUGINS}\n"
            f"LogFile={cluster.folder}/log/slurmdbd.log\nPidFile={cluster.folder}/run/slurmdbd.pid\n"
            f"StorageType=accounting_storage/mysql\nStorageHost=127.0.0.1\nStoragePort={self._port + 1}\n"
            "StorageUser=s\nStoragePass=p\nStorageLoc=acct\n")
        configuration.chmod(0o600)
        cluster.launch("slurmdbd", [self._root / "usr" / "sbin" / "slurmdbd", "-D"], library)

    def register(self, cluster: SlurmCluster) -> None:
        """Once slurm.conf is there, before slurmctld: the cluster and an account of the user."""
        until(lambda: cluster.run("sacctmgr", "-i", "show", "cluster").returncode == 0,
              f"slurmdbd does not start; see {cluster.folder}/log")
        for words in (("cluster", cluster.name), ("account", "soil", f"Cluster={cluster.name}"),
                      ("user", "root", "Account=soil", f"Cluster={cluster.name}")):
            done = cluster.run("sacctmgr", "-i", "add", *words)
            assert done.returncode == 0 or "Nothing new added" in done.stdout, done.stdout + done.stderr
