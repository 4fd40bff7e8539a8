# Tries from inside what no network of a command may reach: each line of output says what was possible, as in prove-wall.bash.
# $SANDBUS_PROXY_PORT   where the proxy listens
# $SANDBUS_PROOF_NAME   a name that leads to the metadata server

must_be_refused() {
  local answer=
  if { exec {proxy}<>"/dev/tcp/127.0.0.1/$SANDBUS_PROXY_PORT"; } 2>/dev/null; then
    printf '%s HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n' "$1" >&"$proxy"
    IFS= read -r -t 10 -u "$proxy" answer
    exec {proxy}>&-
  fi
  [[ $answer == 'HTTP/1.1 403 '* ]] || echo "the proxy does not refuse $1: ${answer:-no answer}"
}

for target in 169.254.169.254 '[fd20:ce::254]' '[::ffff:169.254.169.254]' '[64:ff9b::a9fe:a9fe]' '[2002:a9fe:a9fe::1]' \
  metadata.google.internal metadata.google.internal. metadata "$SANDBUS_PROOF_NAME" \
  2852039166 0xa9fea9fe 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 169.254.43518 169.254.169.254. \
  127.0.0.1 localhost '[::1]' 0.0.0.0 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 '[fe80::1]' '[fd00::1]'; do
  must_be_refused "CONNECT $target:80"
done
must_be_refused 'GET http://169.254.169.254/computeMetadata/v1/'
must_be_refused "GET http://$SANDBUS_PROOF_NAME/"

while read -r device _; do
  [[ $device == Iface || $device == lo ]] || echo "a route leads out through $device"
done </proc/net/route
if [[ -r /proc/net/ipv6_route ]]; then
  while read -r line; do
    [[ $line == *' lo' ]] || echo "a route leads out through ${line##* }"
  done </proc/net/ipv6_route
fi
for address in 169.254.169.254 8.8.8.8 fd20:ce::254; do
  { : 3<>"/dev/udp/$address/53"; } 2>/dev/null && echo "$address can be sent to"
  { : 3<>"/dev/tcp/$address/80"; } 2>/dev/null && echo "$address can be connected to"
done

echo 'every attempt was made'
