#pragma once
// What the records in a channel mean, and payloads that are larger than one record.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/ring.hpp"

namespace joust {

enum class MessageType : std::uint16_t {
  brief = 1,      // supervisor -> worker, once: tournament.hpp's WorkerBrief
  task = 2,       // supervisor -> worker: play header.task; no payload
  ready = 3,      // worker -> supervisor, once: the world is built; no payload
  result = 4,     // worker -> supervisor: u64 nanoseconds played, then result_codec.hpp's bytes
  failure = 5,    // worker -> supervisor: u64 nanoseconds played, u8 Cause, u32 seat of the culprit
                  // or kNoCulprit, then the text
  not_ready = 6,  // worker -> supervisor, instead of ready: why the world could not be built
};

inline constexpr std::uint32_t kNoCulprit = UINT32_MAX;
inline constexpr std::size_t kLongestFailure = 4096;  // bytes of a failure's text; more is cut off

enum class Fragment : std::uint16_t {
  whole = 0,
  first = 1,  // the payload begins with a u64: the size of the whole message
  middle = 2,
  last = 3,
};

// Sends one message, in as many records as it takes, through a ring that may fill up on the way.
class MessageSender {
 public:
  // Begins a message. `payload` must stay valid until done(). REQUIRES: done().
  void start(const RecordHeader& header, std::string_view payload);

  // Writes and publishes as much as fits. `written`: all of it is in the ring.
  RingWriter::Outcome pump(RingWriter& ring);

  bool done() const { return done_; }

 private:
  RecordHeader header_;
  std::string_view rest_;
  std::uint64_t total_ = 0;
  bool begun_ = false;
  bool done_ = true;
  std::string
      first_;  // the first fragment's payload, which carries the total size before the bytes
};

// Puts the records of one direction together to messages.
class MessageReceiver {
 public:
  enum class Outcome {
    message,   // `header` and payload() hold a whole message
    fragment,  // a piece was taken; the message is not complete
    empty,     // nothing to take
    corrupt,   // the other side broke the rules; `what()` says which
  };

  // Messages larger than `max_message` bytes are corrupt (the sender refuses to send them).
  MessageReceiver(RingReader ring, std::uint32_t epoch, std::uint64_t max_message)
      : ring_(ring), epoch_(epoch), max_message_(max_message) {}

  // Takes at most one record.
  Outcome receive(RecordHeader& header);

  // The payload of the message just received; valid until the next receive().
  std::string_view payload() const { return payload_; }
  const char* what() const { return what_; }
  RingReader& ring() { return ring_; }

 private:
  Outcome fail(const char* what) {
    what_ = what;
    return Outcome::corrupt;
  }
  Outcome take(const RecordHeader& header);
  Outcome take_first(const RecordHeader& header);
  bool belongs_to_open_message(const RecordHeader& header) const;

  RingReader ring_;
  std::uint32_t epoch_;
  std::uint64_t max_message_;
  RecordHeader open_;           // of the message being put together
  std::uint64_t expected_ = 0;  // its size; 0: none is open
  std::string payload_;
  const char* what_ = "";
};

}  // namespace joust
