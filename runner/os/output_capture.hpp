#pragma once
// What a worker printed, kept within bounds: the head and the tail of the output of the worlds that
// it plays now and played last.
//
// A pipe carries no marks of where one world's output ends. The capture notes which lease had begun
// whenever bytes are read, so bytes belong to the leases between two looks: exactly one for a world
// that lasts longer than the supervisor's reaction time, a few for worlds of microseconds.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "common/ids.hpp"

namespace joust::os {

class OutputCapture {
 public:
  // Keeps `kept` bytes at each end of a world's output.
  explicit OutputCapture(std::size_t kept) : kept_(kept) {}

  // Bytes just read from the pipe, while `begun` was the lease that had begun last.
  void feed(std::string_view bytes, LeaseOrdinal begun);

  // The pipe was found empty after `begun` had been looked at: what comes later is of no earlier
  // lease.
  void caught_up(LeaseOrdinal begun) { seen_ = begun; }

  // What may be of that lease: head, a line that tells how much was dropped, tail. Empty: it
  // printed nothing.
  std::string text_of(LeaseOrdinal ordinal) const;

 private:
  struct Segment {
    LeaseOrdinal first = 0;
    LeaseOrdinal last = 0;
    std::string head;
    std::string tail;  // trimmed to kept_ when it has grown to twice that
    std::uint64_t dropped = 0;
  };
  void append(Segment& segment, std::string_view bytes) const;

  std::size_t kept_;
  LeaseOrdinal seen_ = 0;
  std::deque<Segment> segments_;
};

}  // namespace joust::os
