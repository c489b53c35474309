#include "common/messages.hpp"

#include <algorithm>

#include "common/bytes.hpp"

namespace joust {

void MessageSender::start(const RecordHeader& header, std::string_view payload) {
  header_ = header;
  rest_ = payload;
  total_ = payload.size();
  begun_ = false;
  done_ = false;
}

RingWriter::Outcome MessageSender::pump(RingWriter& ring) {
  const std::size_t largest = max_inline_payload(ring.capacity());
  auto outcome = RingWriter::Outcome::written;
  while (!done_ && outcome == RingWriter::Outcome::written) {
    std::string_view piece = rest_;
    RecordHeader header = header_;
    auto kind = Fragment::whole;
    std::size_t taken = rest_.size();
    if (!begun_ && total_ > largest) {
      kind = Fragment::first;
      taken = largest - sizeof(total_);
      first_.clear();
      put_number(first_, total_);
      first_.append(rest_.substr(0, taken));
      piece = first_;
    } else if (begun_) {
      taken = std::min(largest, rest_.size());
      kind = taken == rest_.size() ? Fragment::last : Fragment::middle;
      piece = rest_.substr(0, taken);
    }
    header.fragment = static_cast<std::uint16_t>(kind);
    outcome = ring.write(header, piece);
    if (outcome != RingWriter::Outcome::written) break;
    rest_.remove_prefix(taken);
    begun_ = true;
    done_ = kind == Fragment::whole || kind == Fragment::last;
  }
  ring.publish();
  return outcome;
}

MessageReceiver::Outcome MessageReceiver::receive(RecordHeader& header) {
  switch (ring_.peek(header)) {
    case RingReader::Outcome::empty:
      return Outcome::empty;
    case RingReader::Outcome::corrupt:
      return fail("a ring position or record length is impossible");
    case RingReader::Outcome::record:
      break;
  }
  if (header.epoch != epoch_) return fail("a record carries another epoch");
  const Outcome outcome = take(header);
  if (outcome != Outcome::corrupt) ring_.release();
  return outcome;
}

MessageReceiver::Outcome MessageReceiver::take(const RecordHeader& header) {
  const auto kind = static_cast<Fragment>(header.fragment);
  if (kind == Fragment::first) return take_first(header);
  if (kind == Fragment::whole) {
    if (expected_ != 0) return fail("a message begins inside another");
    payload_.clear();
    return ring_.take(header, payload_) ? Outcome::message : fail("a record's checksum is wrong");
  }
  if (kind != Fragment::middle && kind != Fragment::last) return fail("unknown kind of fragment");
  if (!belongs_to_open_message(header)) return fail("a fragment without its beginning");
  if (!ring_.take(header, payload_)) return fail("a record's checksum is wrong");
  if (payload_.size() > expected_) return fail("a message is longer than announced");
  if (kind == Fragment::middle) return Outcome::fragment;
  if (payload_.size() != expected_) return fail("a message is shorter than announced");
  expected_ = 0;
  return Outcome::message;
}

MessageReceiver::Outcome MessageReceiver::take_first(const RecordHeader& header) {
  if (expected_ != 0) return fail("a message begins inside another");
  payload_.clear();
  if (!ring_.take(header, payload_)) return fail("a record's checksum is wrong");
  ByteReader in(payload_);
  expected_ = in.number<std::uint64_t>();
  if (!in.ok() || expected_ == 0 || expected_ > max_message_) {
    return fail("a message announces an impossible size");
  }
  payload_.erase(0, sizeof(std::uint64_t));
  if (payload_.size() >= expected_) return fail("a message is longer than announced");
  payload_.reserve(expected_);
  open_ = header;
  return Outcome::fragment;
}

bool MessageReceiver::belongs_to_open_message(const RecordHeader& header) const {
  return expected_ != 0 && header.task == open_.task && header.type == open_.type &&
         header.ordinal == open_.ordinal && header.attempt == open_.attempt;
}

}  // namespace joust
