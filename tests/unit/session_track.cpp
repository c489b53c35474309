#include "runner/report/session_track.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace joust;
using namespace joust::report;

namespace {

using std::chrono::milliseconds;

journal::Session session_from(journal::UnixMillis started) {
  journal::Session session;
  session.started = started;
  return session;
}

std::uint64_t accepted_in(const SessionTrack& track) {
  return track.moment(0, track.bins_used()).accepted;
}

// All that the slot did, as one bin.
SlotBin whole(const SessionTrack& track, SlotIndex slot) {
  SlotBin sum;
  for (const SlotBin& bin : track.slots().at(slot)) merge_later(sum, bin);
  return sum;
}

std::vector<TaskIndex> tasks_of(const TaskSet& set) {
  REQUIRE(set.knows_all());
  return {set.all().begin(), set.all().end()};
}

}  // namespace

TEST_CASE("a set of tasks names few of them and counts many") {
  TaskSet set;
  for (const TaskIndex task : {9U, 4U, 7U, 4U, 9U}) set.add(task);
  CHECK(tasks_of(set) == std::vector<TaskIndex>{4, 7, 9});
  TaskSet other;
  for (const TaskIndex task : {7U, 1U, 12U, 3U}) other.add(task);
  TaskSet both = set;
  both.merge(other);
  CHECK(tasks_of(both) == std::vector<TaskIndex>{1, 3, 4, 7, 9, 12});
  both.add(700);
  CHECK_FALSE(both.knows_all());
  CHECK(both.count() == 7);
  both.merge(set, 3);
  CHECK(both.count() == 7);
  CHECK(both.lowest() == 1);
  CHECK(both.highest() == 700);
}

TEST_CASE("bins double until a session fits, and nothing is lost on the way") {
  SessionTrack track(session_from(1000), 8);
  for (TaskIndex i = 0; i < 1000; ++i) {
    const auto moment = static_cast<journal::UnixMillis>(1000 + i * i);
    track.played({.slot = 0, .task = i, .at = moment, .played = milliseconds(3)});
  }
  CHECK(track.length() == 999 * 999 + 1);
  CHECK(track.bin_width() == 131072);
  CHECK(track.bins_used() == 8);
  CHECK(accepted_in(track) == 1000);
  const SlotBin all = whole(track, 0);
  CHECK(all.busy == doctest::Approx(1000 * 3 - 3 - 2).epsilon(0.001));  // cut at the start
  CHECK(all.tasks.count() == 1000);
  CHECK(all.tasks.lowest() == 0);
  CHECK(all.tasks.highest() == 999);
}

TEST_CASE("a world played over several bins is one world when they are looked at together") {
  SessionTrack track(session_from(1000), 16);
  track.reach(1000 + 2000);
  REQUIRE(track.bin_width() == 128);
  for (TaskIndex task = 0; task < 13; ++task) {
    const auto end = static_cast<journal::UnixMillis>(1000 + 150 * (task + 1));
    track.played({.slot = 2, .task = task, .at = end, .played = milliseconds(150)});
  }
  const std::vector<SlotBin>& bins = track.slots().at(2);
  CHECK(tasks_of(bins[0].tasks) == std::vector<TaskIndex>{0});
  CHECK(tasks_of(bins[1].tasks) == std::vector<TaskIndex>{0, 1});
  CHECK(tasks_of(bins[2].tasks) == std::vector<TaskIndex>{1, 2});
  CHECK(whole(track, 2).tasks.count() == 13);
}

TEST_CASE("an attempt after the first is a retry where it began, and failed where it ended") {
  SessionTrack track(session_from(1000), 8);
  track.reach(1000 + 799);
  track.played(
      {.slot = 0, .task = 37, .at = 1100, .played = milliseconds(50), .cause = Cause::stalled});
  track.played({.slot = 0, .task = 37, .attempt = 2, .at = 1600, .played = milliseconds(400)});
  const std::vector<SlotBin>& bins = track.slots().at(0);
  CHECK(bins[0].failed.attempts == 1);
  CHECK(bins[0].failed.cause == Cause::stalled);
  CHECK(bins[1].retried.attempts == 1);
  CHECK(bins[1].retried.attempt == 2);
  CHECK_FALSE(bins[1].retried.cause);
  CHECK(whole(track, 0).failed.attempts == 1);
  CHECK(whole(track, 0).retried.attempts == 1);
}

TEST_CASE("few attempts are kept one by one, and none of many") {
  SessionTrack track(session_from(1000), 8);
  for (TaskIndex task = 0; task < SessionTrack::kAttemptsKept; ++task) {
    track.played({.task = task, .at = 1001});
  }
  REQUIRE(track.attempts() != nullptr);
  CHECK(track.attempts()->size() == SessionTrack::kAttemptsKept);
  track.played({.task = 1, .at = 1001});
  CHECK(track.attempts() == nullptr);
}

TEST_CASE("a moment that can not be does not hang or overflow anything") {
  constexpr auto kEnd = std::numeric_limits<std::int64_t>::max();
  SessionTrack track(session_from(-kEnd), 8);
  track.played({.slot = 7, .task = 1, .at = kEnd, .played = Duration::max()});
  track.played({.slot = 7,
                .task = 2,
                .attempt = 2,
                .at = -5,
                .played = Duration(-5),
                .cause = Cause::crashed});
  track.died(7, 1);
  track.lived(7, 0, kEnd);
  CHECK(accepted_in(track) == 1);
}
