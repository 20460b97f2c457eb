# SPDX-License-Identifier: Apache-2.0
"""--setup: Debian's packages, and wolfSSL."""
import os
import subprocess
import sys

from configure.edges import output, write
from configure.sources import files
from configure.tables import DEBIAN_WOLFSSL, PACKAGES


def installed():
    names = output('dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package}\n')
    return {line.split()[1] for line in names.splitlines() if line.startswith('ii')}


def install(packages):
    missing = [p for p in packages if p not in installed()]
    if not missing:
        return
    command = ['apt-get', 'install', '-y', '--no-install-recommends', *missing]
    if os.geteuid() != 0:
        sys.exit('as root, please:\n  apt-get update && ' + ' '.join(command))
    os.environ['DEBIAN_FRONTEND'] = 'noninteractive'
    subprocess.run(['apt-get', 'update'], check=True)
    subprocess.run(command, check=True)


def setup(crypto):
    install(PACKAGES)
    choice = 'build/crypto-debian'
    os.makedirs('build', exist_ok=True)
    if crypto == 'debian':
        install(['libwolfssl-dev'])
        have = output('dpkg-query', '-W', '-f', '${Version}', 'libwolfssl-dev')
        subprocess.run(['dpkg', '--compare-versions', have, 'ge', DEBIAN_WOLFSSL], check=True)
        write(choice, have + '\n')
    else:
        subprocess.run(['.ci/build_wolfssl.sh', 'build/wolfssl'], check=True)
        if os.path.exists(choice):
            os.remove(choice)
    for path in files('build/flags', r'wolfssl.*'):
        os.remove(path)             # so that the next ninja asks again
