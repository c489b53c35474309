#pragma once
// What one session did over its time, in a bounded number of bins of equal width. How long a killed
// session lasted is only known at the end, so the width doubles whenever something lies behind the
// last bin. Times are offsets from the session's start, in milliseconds. Not thread-safe.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "runner/journal/journal.hpp"
#include "runner/report/task_set.hpp"

namespace joust::report {

// An attempt at a world that has ended.
struct PlayedAttempt {
  SlotIndex slot = 0;
  TaskIndex task = 0;
  AttemptNumber attempt = 1;
  journal::UnixMillis at = 0;  // when it ended
  Duration played{0};
  std::optional<Cause> cause = {};  // why it failed; nothing: its result counts
};

// Attempts that share a mark in the timeline.
struct AttemptMark {
  std::uint64_t attempts = 0;
  TaskSet tasks;
  AttemptNumber attempt = 0;        // of one of them
  std::optional<Cause> cause = {};  // of the same one
};

// One slot in one bin.
struct SlotBin {
  double busy = 0;   // milliseconds in which a world was played, whether it counted or not
  double alive = 0;  // milliseconds in which a worker lived
  std::uint64_t deaths = 0;
  TaskSet tasks;               // that were played
  std::uint64_t going_on = 0;  // of these, those that were played on in the next bin
  AttemptMark failed;          // that ended here
  AttemptMark retried;         // that began here: not the first ones at their worlds
};

// What another slot did at the same time.
void merge_beside(SlotBin& into, const SlotBin& from);
// What the same slot, or the same slots, did in the bin behind it.
void merge_later(SlotBin& into, const SlotBin& from);

// The whole pool in one bin.
struct MomentBin {
  std::uint64_t accepted = 0;      // results, by the journal
  std::uint64_t sampled_done = 0;  // results, by the difference between samples
  std::uint64_t samples = 0;
  std::uint64_t rss = 0;        // bytes, the most of the samples
  std::uint64_t available = 0;  // bytes of the machine's memory, the least of the samples
  double load_sum = 0;          // over the samples
};

// A line of events.jsonl with the event "sample".
struct Sample {
  journal::UnixMillis at = 0;
  std::uint64_t done = 0;
  std::uint64_t rss = 0;
  std::uint64_t available = 0;
  double load = 0;
};

class SessionTrack {
 public:
  static constexpr std::size_t kAttemptsKept = 200;

  // REQUIRES: bins is even and positive.
  SessionTrack(const journal::Session& session, std::size_t bins);

  // What lies before the session's start counts as at its start.
  void played(const PlayedAttempt& attempt);
  void died(SlotIndex slot, journal::UnixMillis at);
  void sample(const Sample& sample);
  void reach(journal::UnixMillis at) { reach_offset(offset(at)); }
  // Call it last: a worker without an end lived to the end of the session.
  void lived(SlotIndex slot, journal::UnixMillis from, journal::UnixMillis to);

  const journal::Session& session() const { return session_; }
  std::int64_t length() const { return length_; }  // with the last moment seen; at least 1
  std::int64_t bin_width() const { return width_; }
  std::size_t bins_used() const;
  // How much of the bin lies within length().
  std::int64_t bin_length(std::size_t bin) const;
  // The bins [begin, end) as one.
  MomentBin moment(std::size_t begin, std::size_t end) const;
  const std::map<SlotIndex, std::vector<SlotBin>>& slots() const { return slots_; }
  // Each by itself, in the order in which they came; nothing when there are more than
  // kAttemptsKept.
  const std::vector<PlayedAttempt>* attempts() const { return too_many_ ? nullptr : &attempts_; }
  // From the session's start, in milliseconds; within 0 and any session's longest time.
  std::int64_t offset(journal::UnixMillis at) const;
  // The offset at which the attempt began.
  std::int64_t begin_of(const PlayedAttempt& attempt) const;

 private:
  void reach_offset(std::int64_t offset);
  void halve();
  void fill(const PlayedAttempt& attempt, std::int64_t end);
  void keep(const PlayedAttempt& attempt);
  std::vector<SlotBin>& slot_bins(SlotIndex slot);
  SlotBin& slot_bin(SlotIndex slot, std::int64_t offset);
  // Calls visit(bin, milliseconds of it, whether it goes on) for what lies in [from, to).
  template <class Visit>
  void for_each_part(SlotIndex slot, std::int64_t from, std::int64_t to, const Visit& visit);

  journal::Session session_;
  std::int64_t width_ = 1;
  std::int64_t length_ = 1;
  std::uint64_t last_done_ = 0;
  bool sampled_ = false;
  std::vector<MomentBin> moments_;
  std::map<SlotIndex, std::vector<SlotBin>> slots_;
  std::vector<PlayedAttempt> attempts_;
  bool too_many_ = false;
};

}  // namespace joust::report
