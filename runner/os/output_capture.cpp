#include "runner/os/output_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace joust::os {
namespace {

constexpr std::size_t kMostSegments = 3;

}  // namespace

void OutputCapture::feed(std::string_view bytes, LeaseOrdinal begun) {
  if (bytes.empty()) return;
  if (segments_.empty() || segments_.back().last != begun) {
    segments_.push_back({std::min(seen_, begun), begun, {}, {}, 0});
    if (segments_.size() > kMostSegments) segments_.pop_front();
  }
  seen_ = begun;
  append(segments_.back(), bytes);
}

void OutputCapture::append(Segment& segment, std::string_view bytes) const {
  const std::size_t to_head = std::min(bytes.size(), kept_ - segment.head.size());
  segment.head.append(bytes.substr(0, to_head));
  bytes.remove_prefix(to_head);
  if (bytes.size() > kept_) {
    segment.dropped += segment.tail.size() + bytes.size() - kept_;
    segment.tail = bytes.substr(bytes.size() - kept_);
    return;
  }
  segment.tail.append(bytes);
  if (segment.tail.size() > 2 * kept_) {
    const std::size_t surplus = segment.tail.size() - kept_;
    segment.dropped += surplus;
    segment.tail.erase(0, surplus);
  }
}

std::string OutputCapture::text_of(LeaseOrdinal ordinal) const {
  std::string text;
  for (const Segment& segment : segments_) {
    if (ordinal < segment.first || ordinal > segment.last) continue;
    if (segment.last - segment.first > 0 && segment.first != 0) {
      if (!text.empty() && !text.ends_with('\n')) text += '\n';
      text +=
          fmt::format("[joust: the next lines may be of the {} worlds played before this one]\n",
                      segment.last - segment.first);
    }
    const std::size_t kept_tail = std::min(segment.tail.size(), kept_);
    const std::uint64_t dropped = segment.dropped + segment.tail.size() - kept_tail;
    text += segment.head;
    if (dropped > 0) text += fmt::format("\n[joust: {} bytes dropped here]\n", dropped);
    text.append(segment.tail, segment.tail.size() - kept_tail);
  }
  return text;
}

}  // namespace joust::os
