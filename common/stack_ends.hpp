#pragma once
// The two ends of a stack that is walked from its innermost frame outwards: of a recursion without
// end they tell where it was and who began it. Async-signal-safe, as long as copying a Frame is.

#include <algorithm>
#include <array>
#include <cstddef>

namespace joust {

template <class Frame>
class StackEnds {
 public:
  static constexpr std::size_t kInner = 112;  // frames that are kept at most
  static constexpr std::size_t kOuter = 16;

  void add(const Frame& frame) {
    if (count_ < kInner) {
      inner_[count_] = frame;
    } else {
      outer_[(count_ - kInner) % kOuter] = frame;
    }
    ++count_;
  }

  std::size_t count() const { return count_; }  // that were added
  std::size_t kept() const { return std::min(count_, kInner + kOuter); }
  // Frames between the innermost kInner and the outermost kOuter ones.
  std::size_t left_out() const { return count_ - kept(); }

  // The kept ones, innermost first. REQUIRES: index < kept().
  const Frame& operator[](std::size_t index) const {
    return index < kInner ? inner_[index] : outer_[(left_out() + index - kInner) % kOuter];
  }

 private:
  std::array<Frame, kInner> inner_{};
  std::array<Frame, kOuter> outer_{};  // a ring
  std::size_t count_ = 0;
};

}  // namespace joust
