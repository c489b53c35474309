#include "runner/cluster/scripts.hpp"

#include <fmt/format.h>

#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"

namespace joust::cluster {
namespace {

// Locks of a file reach every machine on the usual network file systems, and flock() of a folder
// does not. Where there are none, joust's own lock is what is left.
constexpr std::string_view kLock = R"bash(
cd "$folder"

# Slurm starts a job a second time when its node was only thought dead: then this one has to wait.
take_lock() {
  local code=0
  exec 9>> "state/$1.lock"
  flock --nonblock --conflict-exit-code 75 9 || code=$?
  [ "$code" -ne 75 ]
}

queue_again() {
  trap '' TERM
  scontrol requeue "$1"
}
)bash";

constexpr std::string_view kShardBody = R"bash(
shard=$(printf '%04d' "$SLURM_ARRAY_TASK_ID")
run=shards/$shard
node=${SLURMD_NODENAME:-$(hostname)}

say() {
  printf '%s shard %s on %s: %s\n' "$(date '+%F %T')" "$SLURM_ARRAY_TASK_ID" "$node" "$*"
}

# Slurm sends USR1 when the time limit is near. It sends TERM to every process of a job that is
# cancelled, preempted or at its limit: whether that is queued again is not for us to say.
player=
stop=
woken=
ask_to_stop() {
  if [ -n "$player" ]; then kill -TERM "$player" 2> /dev/null || true; fi
}
trap 'stop=limit; woken=1; ask_to_stop' USR1
trap 'stop=slurm; woken=1; ask_to_stop' TERM

element=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
if ! take_lock "$shard"; then
  say "the shard is played by another element; this one is queued again"
  queue_again "$element"
  exit 0
fi

# The worlds of this shard that are over: done, given up or void. Where a node has failed,
# status.json is older than the journal, which the report reads.
count_played() {
  if [ -e "$run" ]; then
    "$joust" report "$run" --format json 2> /dev/null |
      awk -F '[:,]' '/^  "(done|quarantined|void)":/ { sum += $2 } END { print sum + 0 }'
  else
    echo 0
  fi
}

# The same, of a joust that has ended: in its status, which is there at once.
count_told() {
  if [ -e "$run/status.json" ]; then
    awk -F '[:,]' '/^  "(done|failed|void)":/ { sum += $2 } END { print sum + 0 }' "$run/status.json"
  else
    echo "$before"
  fi
}

# Whether no world of this shard is left to play: joust ends with 3 also when a deadline came first.
is_over() {
  "$joust" report "$run" --format json 2> /dev/null | grep -q '^  "unplayed": 0,'
}

# What 'joust status' shows of this element.
note() {
  printf '%s node=%s idle=%s\n' "$*" "$node" "$idle" > "state/$shard.new"
  mv "state/$shard.new" "state/$shard"
}

before=$(count_played)
idle=0  # time limits in a row before which no world was finished
if [ -e "state/$shard" ]; then
  earlier=$(cat "state/$shard")
  case $earlier in
    'ended exit=0 '* | 'ended exit=3 '*)
      say "it has ended already: $earlier"
      exit 0 ;;
    *' idle='*) idle=${earlier##* idle=} ;;
  esac
fi

if [ -e "$run" ]; then
  say "goes on; $before worlds are over"
  note playing
  "$joust" resume "$run" &
else
  say "begins"
  note playing
  "$joust" run tournament --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$run" &
fi
player=$!
if [ -n "$stop" ]; then ask_to_stop; fi

# A signal ends 'wait' early. Worlds that take too long to finish are stopped by a second TERM.
patience=$stop_after
while :; do
  woken=
  code=0
  wait "$player" || code=$?
  if [ -z "$woken" ]; then break; fi
  while [ "$stop" = limit ] && [ "$patience" -gt 0 ] && kill -0 "$player" 2> /dev/null; do
    sleep 1
    patience=$((patience - 1))
  done
  if [ "$patience" -eq 0 ]; then ask_to_stop; fi
done

played=$(count_told)
case $code in
  130 | 143) ;;
  3)
    if is_over; then
      note "ended exit=3"
      say "ended; some of its worlds do not count"
    else
      note "interrupted exit=3"
      say "its deadline came before all of its worlds were played; $played are over"
    fi
    exit "$code" ;;
  *)
    note "ended exit=$code"
    say "ended with exit code $code; $played worlds are over"
    exit "$code" ;;
esac
if [ "$played" -gt "$before" ]; then idle=0; fi
if [ "$stop" != limit ]; then
  note interrupted
  say "was stopped; $played worlds are over"
  exit "$code"
fi
if [ "$played" -le "$before" ]; then idle=$((idle + 1)); fi
if [ "$idle" -ge "$most_idle" ]; then
  note stuck
  say "is not queued again: no world was finished before $idle time limits in a row. Its worlds need" \
    "a longer --time; submit the tournament anew."
  exit "$code"
fi
note requeued
say "the time limit is near; it is queued again; $played worlds are over"
if ! queue_again "$element"; then
  note interrupted
  say "could not be queued again"
  exit "$code"
fi
)bash";

constexpr std::string_view kMergeBody = R"bash(
if ! take_lock merge; then
  echo "the shards are being merged by another job; this one is queued again"
  queue_again "$SLURM_JOB_ID"
  exit 0
fi

# What 'joust status' shows of this job.
note() {
  printf '%s node=%s\n' "$*" "${SLURMD_NODENAME:-$(hostname)}" > state/merge.new
  mv state/merge.new state/merge
}

shopt -s nullglob
runs=(shards/*)
if [ ${#runs[@]} -eq 0 ]; then
  note ended exit=2
  echo "no shard has begun: there is nothing to merge"
  exit 2
fi
note playing

# An earlier result stays until there is a new one. What that says of its own name and of the
# shards' is as if it had been made where it will be.
rm -rf merging
mkdir merging
ln -s ../shards merging/shards
code=0
(cd merging && exec "$joust" merge "${runs[@]}" --out result) || code=$?
if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
  if [ -e result ]; then mv result "result-until-$(date '+%Y%m%dT%H%M%S')"; fi
  mv merging/result result
fi
rm -rf merging
note "ended exit=$code"
exit "$code"
)bash";

// A name stands in one line of comment, whatever is in it.
std::string head(const ScriptFacts& facts, std::string_view what) {
  return fmt::format(
      "#!/bin/bash\n"
      "# Of the tournament '{}', by joust " JOUST_VERSION
      ":\n"
      "# {}\n"
      "set -eu\n"
      "\n"
      "joust={}  # the program that submitted it\n"
      "folder={}\n",
      report::printable(facts.name), what, report::shell_word(facts.joust.string()),
      report::shell_word(facts.folder.string()));
}

}  // namespace

std::string shard_script(const ScriptFacts& facts) {
  // a few seconds remain for what joust writes at the end
  const std::uint32_t stop_after = facts.seconds_to_stop - facts.seconds_to_stop / 4;
  return head(facts,
              "element I of this job array plays shard I, or goes on with it, as often as it is "
              "started") +
         fmt::format(
             "shards={}\n"
             "stop_after={}  # seconds that worlds may take to finish when the time limit is near\n"
             "most_idle={}  # time limits in a row without a finished world, then it gives up\n",
             facts.shards, stop_after, kMostIdleRequeues) +
         std::string(kLock) + std::string(kShardBody);
}

std::string merge_script(const ScriptFacts& facts) {
  return head(facts, "merges the shards into result/") + std::string(kLock) +
         std::string(kMergeBody);
}

}  // namespace joust::cluster
