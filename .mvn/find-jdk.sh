# Sourced by mvnw and watchtower. find_jdk N sets JAVA_HOME to a JDK of at least version N, looking at JAVA_HOME, the
# PATH and the usual folders of Linux, macOS and SDKMAN; without one it says so in a sentence and returns 1.
jdk_version() { # prints the feature version of the JDK in folder $1, or 0 where there is none
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  found=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*$/\1/p' "$1/release" 2>/dev/null | head -n 1)
  [ -n "$found" ] || found=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*$/\1/p')
  echo "${found:-0}"
}

find_jdk() {
  wanted_jdk=$1
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=$(dirname "$(dirname "$on_path")")
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*"$wanted_jdk"* /usr/lib/jvm/* /opt/*jdk*"$wanted_jdk"* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -n "$candidate" ] || continue
    if [ "$(jdk_version "$candidate")" -ge "$wanted_jdk" ] 2>/dev/null; then
      JAVA_HOME=$candidate
      return 0
    fi
  done
  echo "Watchtower needs a JDK $wanted_jdk or newer and found none: install one (Debian: apt-get install openjdk-25-jdk, or Temurin 25) or set JAVA_HOME." >&2
  return 1
}
