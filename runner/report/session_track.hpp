#pragma once
// What one session did over its time, in a bounded number of bins of equal width. How long a killed
// session lasted is only known at the end, so the width doubles whenever something lies behind the
// last bin. Times are offsets from the session's start, in milliseconds. Not thread-safe.

#include <cstdint>
#include <map>
#include <vector>

#include "runner/journal/journal.hpp"

namespace joust::report {

// One slot in one bin.
struct SlotBin {
  double busy = 0;   // milliseconds in which a world was played, whether it counted or not
  double alive = 0;  // milliseconds in which a worker lived
  std::uint64_t deaths = 0;
  std::uint64_t failures = 0;  // failed attempts
};

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
  // REQUIRES: bins is even and positive.
  SessionTrack(const journal::Session& session, std::size_t bins);

  // What lies before the session's start counts as at its start.
  void accepted(SlotIndex slot, journal::UnixMillis at, Duration time);
  void failed(SlotIndex slot, journal::UnixMillis at, Duration time);
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

 private:
  std::int64_t offset(journal::UnixMillis at) const;
  void reach_offset(std::int64_t offset);
  void halve();
  void played(SlotIndex slot, std::int64_t end, Duration played);
  std::vector<SlotBin>& slot_bins(SlotIndex slot);
  void spread(SlotIndex slot, std::int64_t from, std::int64_t to, double SlotBin::*field);

  journal::Session session_;
  std::int64_t width_ = 1;
  std::int64_t length_ = 1;
  std::uint64_t last_done_ = 0;
  bool sampled_ = false;
  std::vector<MomentBin> moments_;
  std::map<SlotIndex, std::vector<SlotBin>> slots_;
};

}  // namespace joust::report
