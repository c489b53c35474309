#include "tests/support/crashing_child.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "common/channel_layout.hpp"
#include "tests/support/forked_child.hpp"
#include "worker/crash_handler.hpp"
#include "worker/worlds/chaos/misbehave.hpp"

namespace joust::test {
namespace {

// What is written to the descriptor is passed on, by a process that outlives a crash of this one.
void pass_on(int descriptor, const ForkedChild::Say& say) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  if (::fork() == 0) {
    ::close(ends[1]);
    std::array<char, 4096> words{};
    for (ssize_t got = 0; (got = ::read(ends[0], words.data(), words.size())) > 0;) {
      say({words.data(), static_cast<std::size_t>(got)});
    }
    ::_exit(0);
  }
  ::close(ends[0]);
  ::dup2(ends[1], descriptor);
  ::close(ends[1]);
}

}  // namespace

SharedBox::SharedBox()
    : memory_(static_cast<char*>(
          ::mmap(nullptr, kBlackBox, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
  if (memory_ == MAP_FAILED) throw std::runtime_error("no shared memory");
}

SharedBox::~SharedBox() { ::munmap(memory_, kBlackBox); }

std::string SharedBox::text() const {
  const std::uint64_t size = reinterpret_cast<const BlackBoxHead*>(memory_)->size.load();
  if (size > kBlackBoxText) throw std::runtime_error("the box says that it holds too much");
  return {memory_ + sizeof(BlackBoxHead), static_cast<std::size_t>(size)};
}

Crashed crash_by(const std::function<void(char* box)>& deed) {
  const SharedBox box;
  ForkedChild child([&](const ForkedChild::Say& say) {
    pass_on(STDERR_FILENO, say);
    worker::install_crash_handler(box.data(), kBlackBox);
    deed(box.data());
  });
  const ForkedChild::Ending ending = child.wait();
  return {box.text(), ending.said, ending.signal};
}

Crashed crash_by_chaos(const std::string& entry) {
  return crash_by(
      [&entry](char*) { worlds::chaos::misbehave(worlds::chaos::parse_script({entry})[0], {}); });
}

}  // namespace joust::test
