#!/bin/sh
# usage: verify-with-openssl.sh BUNDLE PUB.pem
#
# Checks a bundle with openssl and sha256sum alone: the signature over exactly the sealed
# bytes, by the key that you name; then each file that the seal is about; then that
# nothing else lies in the folder.
# Exit code 0: all of it holds. 1: something does not. 2: wrong words or a missing tool.
set -u
export LC_ALL=C

if [ $# -ne 2 ] || [ ! -d "$1" ] || [ ! -f "$2" ]; then
    echo "usage: verify-with-openssl.sh BUNDLE PUB.pem" >&2
    exit 2
fi
for tool in openssl sha256sum base64 sed; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "missing: $tool" >&2
        exit 2
    fi
done

seal=$1/attestation.sigstore.json
work=$(mktemp -d) || exit 2
trap 'rm -rf -- "$work"' EXIT

refuse() {
    printf 'refused: %s\n' "$1" >&2
    exit 1
}

field() { # $1: a field that stands once, on a line of its own
    [ "$(grep -c "\"$1\":" "$seal")" = 1 ] || refuse "the seal does not have exactly one \"$1\""
    sed -n "s|^ *\"$1\": \"\([A-Za-z0-9+/=.-]*\)\",\{0,1\}\$|\1|p" "$seal"
}

[ -f "$seal" ] && [ ! -L "$seal" ] || refuse "there is no attestation.sigstore.json"
payload=$(field payload) || exit 1
signature=$(field sig) || exit 1
named=$(field keyid) || exit 1
type=$(field payloadType) || exit 1
[ "$type" = application/vnd.in-toto+json ] || refuse "the payload is of another type"

key=$(openssl pkey -pubin -in "$2" -outform DER 2>/dev/null | sha256sum | cut -d ' ' -f 1)
[ "$named" = "$key" ] || refuse "the seal is by the key $named, and yours is $key"

printf %s "$payload" | base64 -d >"$work/payload" 2>/dev/null || refuse "the payload is no base64"
printf %s "$signature" | base64 -d >"$work/signature" 2>/dev/null || refuse "the signature is no base64"

# What was signed: the payload behind its type and both lengths (DSSE).
{
    printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <"$work/payload")"
    cat "$work/payload"
} >"$work/signed"
openssl dgst -sha256 -verify "$2" -signature "$work/signature" "$work/signed" >/dev/null 2>&1 ||
    refuse "the signature is not by this key over this payload"

# The subjects stand last in the statement, in one spelling.
sed 's/.*,"subject":\[\(.*\)]}$/\1/; s/},{"digest"/}\n{"digest"/g' "$work/payload" >"$work/subjects"
echo >>"$work/subjects"
sed -n 's/^{"digest":{"sha256":"\([0-9a-f]\{64\}\)"},"name":"\([^"\\]*\)"}$/\1  \2/p' "$work/subjects" >"$work/sums"
[ "$(wc -l <"$work/sums")" -gt 0 ] && [ "$(wc -l <"$work/sums")" = "$(wc -l <"$work/subjects")" ] ||
    refuse "the statement is not in the form of a bundle's"

cd -- "$1" || exit 2
[ -z "$(find . ! -type f ! -type d)" ] || refuse "something in the bundle is neither a file nor a folder"
find . -type f ! -path ./attestation.sigstore.json | sed 's|^\./||' | sort >"$work/found"
sed 's/^.\{66\}//' "$work/sums" | sort >"$work/named"
diff "$work/named" "$work/found" >"$work/difference" || {
    sed -n 's/^< /missing: /p; s/^> /not sealed: /p' "$work/difference" >&2
    refuse "the files are not those that were sealed"
}
sha256sum --strict --quiet --check "$work/sums" >&2 || refuse "a file is not the one that was sealed"
printf 'the signature of %s holds, and the %d files are those that were sealed\n' "$key" "$(wc -l <"$work/sums")"
