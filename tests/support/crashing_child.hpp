#pragma once
// A forked child with the worker's crash handler, and what that leaves behind.

#include <functional>
#include <string>

namespace joust::test {

// A black box in memory that is shared with children that are forked.
class SharedBox {
 public:
  SharedBox();
  ~SharedBox();
  SharedBox(const SharedBox&) = delete;
  SharedBox& operator=(const SharedBox&) = delete;

  char* data() const { return memory_; }
  // The text that counts. Throws when there is more of it than room.
  std::string text() const;

 private:
  char* memory_;
};

struct Crashed {
  std::string record;
  std::string printed;  // on standard error
  int signal = 0;       // that ended it
};

// Lets a child with the handler and the given box do the deed. REQUIRES: what ForkedChild does.
Crashed crash_by(const std::function<void(char* box)>& deed);

// The deed is an entry of the chaos world's script.
Crashed crash_by_chaos(const std::string& entry);

}  // namespace joust::test
