#include "worker/crash_record.hpp"

#include <cstring>

namespace joust::worker {
namespace {

constexpr const char* kDigits = "0123456789abcdef";

}  // namespace

CrashRecord::CrashRecord(char* box, std::size_t size)
    : text_(box + sizeof(BlackBoxHead)),
      capacity_(size - sizeof(BlackBoxHead)),
      published_(&reinterpret_cast<BlackBoxHead*>(box)->size) {}

void CrashRecord::put(char letter) {
  if (length_ < line_.size() - 1) line_[length_++] = letter;  // one is left for the line's end
}

CrashRecord& CrashRecord::text(const char* text) {
  for (; *text != '\0'; ++text) {
    const bool is_control = static_cast<unsigned char>(*text) < ' ' || *text == '\x7f';
    put(is_control ? '?' : *text);
  }
  return *this;
}

CrashRecord& CrashRecord::bytes(const unsigned char* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    put(kDigits[bytes[i] >> 4]);
    put(kDigits[bytes[i] & 15]);
  }
  return *this;
}

CrashRecord& CrashRecord::hex(std::uintptr_t number) {
  text("0x");
  int shift = 8 * static_cast<int>(sizeof(number)) - 4;
  while (shift > 0 && (number >> shift & 15) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) put(kDigits[number >> shift & 15]);
  return *this;
}

CrashRecord& CrashRecord::decimal(std::int64_t number) {
  std::array<char, 24> digits{};
  std::size_t at = digits.size() - 1;
  auto rest = static_cast<std::uint64_t>(number);
  if (number < 0) rest = 0 - rest;
  do {
    digits[--at] = kDigits[rest % 10];
    rest /= 10;
  } while (rest != 0);
  if (number < 0) digits[--at] = '-';
  return text(&digits[at]);
}

bool CrashRecord::end_line() {
  line_[length_++] = '\n';
  const std::size_t length = length_;
  length_ = 0;
  if (length > capacity_ - size_) return false;
  std::memcpy(text_ + size_, line_.data(), length);
  size_ += length;
  published_->store(size_, std::memory_order_release);
  return true;
}

std::size_t CrashRecord::take_line(const char*& line) {
  line_[length_++] = '\n';
  line = line_.data();
  const std::size_t length = length_;
  length_ = 0;
  return length;
}

}  // namespace joust::worker
