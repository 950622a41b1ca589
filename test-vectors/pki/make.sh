#!/usr/bin/env bash
# Makes the keys and certificates of this folder anew, with OpenSSL 3. They are for tests only: their private keys are
# public. A file NAME.pem holds a private key (PKCS #8), its certificate, and the intermediate authority's.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

key() { # NAME ALGORITHM
    case $2 in
        rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$1.key" ;;
        ed25519) openssl genpkey -algorithm ED25519 -out "$work/$1.key" ;;
        *) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$work/$1.key" ;;
    esac
}
issue() { # NAME ISSUER SUBJECT EXTENSIONS... ; END and HASH from the environment
    local name=$1 issuer=$2 subject=$3; shift 3
    printf '%s\n' "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" "$@" > "$work/$name.ext"
    openssl req -new -key "$work/$name.key" -subj "$subject" -out "$work/$name.csr"
    local signer=(-cert "$work/$issuer.crt" -keyfile "$work/$issuer.key")
    [[ $name == "$issuer" ]] && signer=(-selfsign -keyfile "$work/$name.key")
    openssl ca -batch -config "$work/ca.conf" -in "$work/$name.csr" "${signer[@]}" -notext -md "${HASH:-sha256}" \
        -startdate 20200101000000Z -enddate "${END:-21200101000000Z}" -extfile "$work/$name.ext" \
        -out "$work/$name.crt" 2> /dev/null
}
root() { # NAME SUBJECT
    key "$1" P-256
    issue "$1" "$1" "$2" "basicConstraints=critical,CA:TRUE" "keyUsage=critical,keyCertSign,cRLSign"
    cp "$work/$1.crt" "$1.pem"
}
pem() { # NAME ISSUER
    { echo "Test only: this private key is public."; cat "$work/$1.key" "$work/$1.crt" "$work/$2.crt"; } > "$1.pem"
}
crl() { # ISSUER REVOKED...
    local issuer=$1; shift
    : > "$work/index"
    for name in "$@"; do
        openssl ca -config "$work/ca.conf" -cert "$work/$issuer.crt" -keyfile "$work/$issuer.key" \
            -revoke "$work/$name.crt" 2> /dev/null
    done
    openssl ca -config "$work/ca.conf" -cert "$work/$issuer.crt" -keyfile "$work/$issuer.key" \
        -gencrl -crldays 36500 -out "$issuer.crl.pem" 2> /dev/null
}

: > "$work/index"
echo 01 > "$work/number"
printf '%s\n' "[ca]" "default_ca=d" "[d]" "database=$work/index" "crlnumber=$work/number" "rand_serial=yes" \
    "default_md=sha256" "new_certs_dir=$work" "policy=p" "unique_subject=no" \
    "[p]" "organizationName=supplied" "commonName=supplied" > "$work/ca.conf"

sign="keyUsage=critical,digitalSignature"
server="extendedKeyUsage=serverAuth"
client="extendedKeyUsage=clientAuth"
vpn="subjectAltName=DNS:vpn.example.com,IP:203.0.113.1"

root root "/O=jkipsec tests/CN=Root"
root other-root "/O=jkipsec tests/CN=Other Root"
key intermediate P-256
issue intermediate root "/O=jkipsec tests/CN=Intermediate" \
    "basicConstraints=critical,CA:TRUE,pathlen:0" "keyUsage=critical,keyCertSign,cRLSign"

for kind in P-256 P-384 rsa ed25519; do
    name=gateway-$(tr -d - <<< "${kind,,}")
    key "$name" $kind
    issue "$name" intermediate "/O=jkipsec tests/CN=Gateway" "$sign" "$server" "$vpn"
    pem "$name" intermediate
done

key user P-256
issue user intermediate "/O=jkipsec tests/CN=Alice" "$sign" "$client" \
    "subjectAltName=email:alice@example.com,DNS:Phone.example.com,IP:10.0.0.7,IP:2001:db8::7"
pem user intermediate

key revoked P-256
issue revoked intermediate "/O=jkipsec tests/CN=Revoked" "$sign" "$client" "subjectAltName=email:bob@example.com"
pem revoked intermediate

key short P-256
END=20200201000000Z issue short intermediate "/O=jkipsec tests/CN=Short" "$sign" "$server" "$vpn"
pem short intermediate

key encipherment rsa
issue encipherment intermediate "/O=jkipsec tests/CN=Encipherment" "keyUsage=critical,keyEncipherment" "$vpn"
pem encipherment intermediate

key sha1 P-256
HASH=sha1 issue sha1 intermediate "/O=jkipsec tests/CN=SHA-1" "$sign" "$server" "$vpn"
pem sha1 intermediate

key by-user P-256
issue by-user user "/O=jkipsec tests/CN=By User" "$sign" "$server" "$vpn"
pem by-user user

key stranger P-256
issue stranger other-root "/O=jkipsec tests/CN=Stranger" "$sign" "$server" "$vpn"
pem stranger other-root

# A certificate without extensions that say what it is for.
key plain P-256
issue plain root "/O=jkipsec tests/CN=Plain"
pem plain root

crl root
crl intermediate revoked
