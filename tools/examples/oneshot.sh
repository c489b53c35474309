#!/usr/bin/env bash
# Pig, a game with one die, for two: a world that knows nothing of joust.
#   oneshot.sh SEED HOLD0 HOLD1
# In turn, each rolls as often as it likes and adds up; a 1 takes all of this turn. HOLD is what a player
# wants to have before it stops. Whoever has 100 first wins.
# Prints a line `seat,score` for each: 1 for the winner, 0 for the other.
set -euo pipefail

goal=100
state=$(($1 % 2147483647 + 1))
holds=("$2" "$3")
totals=(0 0)

# Sets $roll. bash has $RANDOM, but its numbers depend on bash's version.
roll_die() {
  state=$((state * 48271 % 2147483647))
  roll=$((state / 7 % 6 + 1))
}

# Sets $gain to what one turn brings a player that holds at $1 and needs $2 to win.
take_turn() {
  gain=0
  while ((gain < $1 && gain < $2)); do
    roll_die
    if ((roll == 1)); then
      gain=0
      return
    fi
    gain=$((gain + roll))
  done
}

seat=0
while true; do
  take_turn "${holds[seat]}" $((goal - totals[seat]))
  totals[seat]=$((totals[seat] + gain))
  ((totals[seat] < goal)) || break
  seat=$((1 - seat))
done

echo "totals: ${totals[*]}" # no score: joust passes over such lines
echo "$seat,1"
echo "$((1 - seat)),0"
