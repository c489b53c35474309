#include "runner/stacks/symbols.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "runner/report/printable.hpp"
#include "runner/stacks/fold.hpp"

namespace joust::stacks {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }  // NOLINT: libdw's and the demangler's
};

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, Free> plain(abi::__cxa_demangle(name, nullptr, nullptr, &status));
  return report::printable(plain ? plain.get() : name);
}

std::string place(const char* file, int line) {
  if (file == nullptr) return "";
  const std::string path = " at " + report::printable(file);
  return line == 0 ? path : fmt::format("{}:{}", path, line);
}

std::string place_of_address(Dwfl_Module* module, Dwarf_Addr at) {
  Dwfl_Line* const source = dwfl_module_getsrc(module, at);
  int line = 0;
  if (source == nullptr) return "";
  const char* const file = dwfl_lineinfo(source, nullptr, &line, nullptr, nullptr, nullptr);
  return place(file, line);
}

// Where an inlined function was called.
std::string place_of_call(Dwarf_Die* unit, Dwarf_Die* inlined) {
  Dwarf_Attribute attribute;
  Dwarf_Word file = 0;
  Dwarf_Word line = 0;
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) != 0 ||
      dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) != 0 ||
      dwarf_getsrcfiles(unit, &files, &count) != 0 || file >= count) {
    return "";
  }
  return place(dwarf_filesrc(files, file, nullptr, nullptr), static_cast<int>(line));
}

std::string name_of_function(Dwarf_Die* function) {
  Dwarf_Attribute attribute;
  for (const unsigned kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name}) {
    const char* name = dwarf_formstring(dwarf_attr_integrate(function, kind, &attribute));
    if (name != nullptr) return demangled(name);
  }
  return "??";
}

// The functions that are inlined at an address, innermost first: "name (inlined) at file:line".
// Leaves in `outer` the place in the function that is not inlined.
std::vector<std::string> inlined_at(Dwfl_Module* module, Dwarf_Addr at, std::string& outer) {
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = dwfl_module_addrdie(module, at, &bias);
  Dwarf_Die* found = nullptr;
  const int depth = unit == nullptr ? 0 : dwarf_getscopes(unit, at - bias, &found);
  const std::unique_ptr<Dwarf_Die, Free> scopes(found);
  if (depth <= 0) return {};
  // the scopes of the code; those of the first call's would be those around the function's text
  const int code_depth = dwarf_getscopes_die(found, &found);
  const std::unique_ptr<Dwarf_Die, Free> around(found == scopes.get() ? nullptr : found);
  std::vector<std::string> lines;
  for (int i = 0; i < code_depth; ++i) {
    const int tag = dwarf_tag(&found[i]);
    if (tag == DW_TAG_subprogram) break;
    if (tag != DW_TAG_inlined_subroutine) continue;
    lines.push_back(fmt::format("{} (inlined){}", name_of_function(&found[i]), outer));
    outer = place_of_call(unit, &found[i]);
  }
  return lines;
}

const char* path_of(Dwfl_Module* module) {
  const char* file = nullptr;
  const char* name =
      dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, &file, nullptr);
  return file != nullptr ? file : name;
}

}  // namespace

std::string dwfl_trouble() {
  const char* text = dwfl_errmsg(-1);
  return text == nullptr ? "unknown error" : text;
}

std::string build_id_of(Dwfl_Module* module) {
  const unsigned char* bits = nullptr;
  GElf_Addr where = 0;
  const int size = dwfl_module_build_id(module, &bits, &where);
  std::string digits;
  for (int i = 0; i < size; ++i) digits += fmt::format("{:02x}", bits[i]);
  return digits.empty() ? "-" : digits;
}

Session::Session() {
  static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
                                           .find_debuginfo = dwfl_standard_find_debuginfo,
                                           .section_address = dwfl_offline_section_address,
                                           .debuginfo_path = nullptr};
  dwfl_.reset(dwfl_begin(&callbacks));
  if (!dwfl_) throw std::runtime_error("libdwfl: " + dwfl_trouble());
}

class Session::Description {
 public:
  explicit Description(Session& session) : session_(session) {}

  void add(const std::vector<Address>& addresses) {
    for (const Run& run : fold(addresses)) {
      const std::uint64_t before = number_;
      for (std::size_t i = 0; i < run.length; ++i) add(addresses[run.begin + i]);
      if (run.times == 1) continue;
      const std::uint64_t lines = number_ - before;
      number_ += lines * (run.times - 1);
      lines_.push_back(
          lines == 1 ? fmt::format("(the same frame {} times more)", run.times - 1)
                     : fmt::format("(the same {} frames {} times more)", lines, run.times - 1));
    }
  }

  void leave_out(std::uint64_t frames, bool end_is_known) {
    number_ += frames;
    lines_.push_back(end_is_known ? fmt::format("({} frames are left out)", frames)
                                  : fmt::format("({} frames or more are left out)", frames));
  }

  std::vector<std::string> take() && { return std::move(lines_); }

 private:
  void add(const Address& address) {
    const Dwarf_Addr at = address.pc - (address.is_return ? 1 : 0);
    Dwfl_Module* const module = dwfl_addrmodule(session_.get(), at);
    if (module == nullptr) return put(address, "?? in no module");
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char* name =
        dwfl_module_addrinfo(module, at, &offset, &symbol, nullptr, nullptr, nullptr);
    const std::string path = report::printable(path_of(module));
    const std::string in = fmt::format(" in {}", std::filesystem::path(path).filename().string());
    session_.modules_.insert(fmt::format("{} {}", build_id_of(module), path));
    std::string source = place_of_address(module, at);
    for (const std::string& line : inlined_at(module, at, source)) put(address, line + in);
    if (name == nullptr) return put(address, "??" + source + in);
    put(address,
        fmt::format("{}+0x{:x}{}{}", demangled(name), offset + address.pc - at, source, in));
  }

  void put(const Address& address, const std::string& text) {
    lines_.push_back(fmt::format("#{:<2} 0x{:016x} {}", number_++, address.pc, text));
  }

  Session& session_;
  std::vector<std::string> lines_;
  std::uint64_t number_ = 0;  // of the next frame
};

std::vector<std::string> Session::describe(const Stack& stack) {
  Description description(*this);
  description.add(stack.inner);
  if (stack.left_out > 0) description.leave_out(stack.left_out, !stack.outer.empty());
  description.add(stack.outer);
  return std::move(description).take();
}

}  // namespace joust::stacks
