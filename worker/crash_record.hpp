#pragma once
// Writes lines of text into a black box, from a signal handler: async-signal-safe throughout.

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/channel_layout.hpp"

namespace joust::worker {

// Puts together one line and appends it to the box's text, where it counts once it is whole.
class CrashRecord {
 public:
  // REQUIRES: what install_crash_handler() does.
  CrashRecord(char* box, std::size_t size);

  CrashRecord& text(const char* text);  // control characters become '?'
  CrashRecord& bytes(const unsigned char* bytes, std::size_t count);  // as hexadecimal digits
  CrashRecord& hex(std::uintptr_t number);                            // "0x1f"
  CrashRecord& decimal(std::int64_t number);

  // Ends the line. False: the box is full; the line is dropped.
  bool end_line();

  // The line so far, for another use of it; ends it without putting it into the box.
  std::size_t take_line(const char*& line);

 private:
  void put(char letter);
  char* text_;
  std::size_t capacity_;
  std::atomic<std::uint64_t>* published_;
  std::size_t size_ = 0;
  std::array<char, 512> line_{};
  std::size_t length_ = 0;
};

}  // namespace joust::worker
