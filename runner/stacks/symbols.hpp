#pragma once
// Puts names to addresses with elfutils' libdwfl. Only what is on this machine is looked at.

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace joust::stacks {

struct Address {
  std::uint64_t pc = 0;
  // A return address lies behind the call: the name and line are those of the byte before.
  bool is_return = true;
  bool operator==(const Address&) const = default;
};

// Innermost frame first.
struct Stack {
  std::vector<Address> inner;
  std::uint64_t left_out = 0;  // frames behind those
  std::vector<Address> outer;  // behind these, the outermost ones; none: it was not walked so far
};

// Owns a session of libdwfl: the modules of one process.
class Session {
 public:
  Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Dwfl* get() const { return dwfl_.get(); }

  // One line per address, and one for each call that was inlined there:
  // "#0  0x00007f0000001234 function+0x1f at file.cpp:12 in module", numbered from 0. What repeats
  // is told once; it and what is left out count in the numbers, and have a line in parentheses.
  std::vector<std::string> describe(const Stack& stack);

  // The modules that occurred in describe() so far: "build id and path", one line each.
  const std::set<std::string>& modules() const { return modules_; }

 private:
  struct End {
    void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
  };
  class Description;
  std::unique_ptr<Dwfl, End> dwfl_;
  std::set<std::string> modules_;
};

// Why libdwfl's last call failed.
std::string dwfl_trouble();

// The build id of a module in hexadecimal digits, "-" if it has none.
std::string build_id_of(Dwfl_Module* module);

}  // namespace joust::stacks
