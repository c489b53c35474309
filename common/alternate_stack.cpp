#include "common/alternate_stack.hpp"

#include "common/sanitizer.hpp"

namespace joust {
namespace {

constexpr std::size_t kSize = 64 << 10;

}  // namespace

AlternateStack::AlternateStack() {
  if (kSanitized) return;
  memory_ = std::make_unique<char[]>(kSize);
  stack_t stack{};
  stack.ss_sp = memory_.get();
  stack.ss_size = kSize;
  ::sigaltstack(&stack, &before_);
}

AlternateStack::~AlternateStack() {
  if (memory_) ::sigaltstack(&before_, nullptr);
}

}  // namespace joust
