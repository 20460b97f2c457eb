#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the wolfSSL of our programs from Debian's source package: .ci/build_wolfssl.sh OUT
#
#   OUT/include, OUT/lib/libwolfssl.a       gcc, for what ships
#   OUT/lib/libwolfssl-asan.a               clang with ASan and UBSan, for the sanitizer variants
#   OUT/stamp                               version and recipe; a second run with the same ones does nothing
#
# The newest source that Debian offers is taken, because superseded security versions disappear from the mirrors; older
# than OLDEST or another upstream than UPSTREAM is refused.  The system's apt lists are read and never written: the
# deb-src lines live in a scratch list of our own.
set -euo pipefail
OLDEST=5.5.4-2+deb12u3
UPSTREAM=5.5.4

out=$(realpath -m "$1")
recipe=$(sha256sum <"${BASH_SOURCE[0]}" | cut -c1-16)
newest=$(apt-cache policy libwolfssl-dev 2>/dev/null | sed -n 's/^  Candidate: //p')
if [ -f "$out/stamp" ]; then
    read -r have_version have_recipe <"$out/stamp"
    if [ "$have_recipe" = "$recipe" ] && { [ -z "$newest" ] || [ "$newest" = "$have_version" ]; }; then
        echo "wolfssl $have_version: already built"
        exit 0
    fi
fi

work=$out.tmp
rm -rf "$work"
mkdir -p "$work"/{empty,lists/partial,cache/archives/partial}
trap 'rm -rf "$work"' EXIT

# One deb-src line for each suite and component of Debian's that the system has; Signed-By is read from the stanza that
# apt names, because bookworm's apt does not expand it.
signed_by() { # FILE:N
    local file=${1%:*} n=${1##*:}
    case $file in
    *.sources)
        awk -v want="$n" 'BEGIN { RS = ""; FS = "\n" } { text = $0; gsub(/(^|\n)#[^\n]*/, "", text); if (text ~ /[^ \n]/ && ++seen == want) print text }' "$file" |
            sed -n 's/^Signed-By: *\([^ ]*\).*/\1/p'
        ;;
    *) sed -n "${n}p" "$file" | sed -n 's/.*signed-by=\([^] ]*\).*/\1/p' ;;
    esac
}
apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SOURCESENTRY)' 'Created-By: Packages' |
    sort -u | while IFS='|' read -r origin uri release component entry; do
    [ "$origin" = Debian ] || continue
    key=$(signed_by "$entry")
    echo "deb-src ${key:+[signed-by=$key] }$uri $release $component"
done | sort -u >"$work/sources.list"
[ -s "$work/sources.list" ] || { echo "wolfssl: no source of Debian's in apt's lists; run apt-get update" >&2; exit 1; }

apt=(-o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/empty" -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root)
apt-get -q "${apt[@]}" update
(cd "$work" && apt-get -q "${apt[@]}" source --only-source wolfssl)

src=$(find "$work" -maxdepth 1 -type d -name 'wolfssl-*' | head -n 1)
version=$(cd "$src" && dpkg-parsechangelog -S Version)
dpkg --compare-versions "$version" ge "$OLDEST" && [ "${version%%-*}" = "$UPSTREAM" ] ||
    { echo "wolfssl: Debian offers $version; $UPSTREAM from $OLDEST on is wanted" >&2; exit 1; }

cd "$src"
cflags="-O2 -g1 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero"
cflags="$cflags -ffile-prefix-map=$PWD=wolfssl"
autoreconf -fi
./configure --prefix="$work/install" --disable-shared --enable-static --with-pic --disable-dependency-tracking \
    --disable-examples --disable-crypttests --disable-benchmark --enable-reproducible-build \
    --enable-opensslall --enable-opensslextra --disable-errorqueue --enable-keygen \
    --enable-tls13 --enable-tlsv12 --disable-tlsv10 --disable-oldtls --disable-sslv3 \
    --enable-alpn --enable-sni --enable-keying-material --enable-hkdf --enable-rsapss --enable-oaep \
    --enable-aesgcm --disable-aescbc --enable-chacha --enable-poly1305 --enable-curve25519 --enable-ecc \
    --with-eccminsz=256 --enable-sp=256,384,rsa2048,rsa3072,rsa4096 --enable-sp-asm --enable-sp-math-all \
    --enable-intelasm --enable-aesni --disable-fpecc --disable-arc4 --disable-des3 --disable-md5 --disable-md4 \
    --disable-dsa --disable-dh --disable-anon --disable-nullcipher --disable-sha224 --disable-sha3 --disable-psk \
    --disable-session-ticket --disable-sys-ca-certs --disable-altcertchains --disable-crl --disable-ocsp \
    CFLAGS="$cflags" \
    CPPFLAGS="-DWOLFSSL_GETRANDOM -DNO_SESSION_CACHE -DHAVE_EX_DATA -DUSE_ECC_B_PARAM -DNO_OLD_POLY1305 -DRSA_MIN_SIZE=2048 -DECC_USER_CURVES"

# _FORTIFY_SOURCE only now: configure copies every -D it sees into options.h, where it would override the program's.
make -s -j"$(nproc)" CFLAGS="$cflags -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"
make -s install

# Without "shift": the inversion modulo a prime (sp_x86_64.c) shifts into the sign bit, which gcc and clang define.
make -s clean
make -s -j"$(nproc)" CC=clang-19 CFLAGS="-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize=shift -fno-sanitize-recover=all -Wno-everything -ffile-prefix-map=$PWD=wolfssl"
cp src/.libs/libwolfssl.a "$work/install/lib/libwolfssl-asan.a"

cd "$work"
echo "$version $recipe" >install/stamp
# In place, because OUT may be a link into another checkout.
mkdir -p "$out"
rm -rf "${out:?}"/{include,lib,share,bin,stamp}
cp -a install/include install/lib install/stamp "$out"/
echo "wolfssl $version: built"
