#include "runner/stacks/crash_text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>
#include <optional>
#include <sstream>

#include "common/parse_number.hpp"
#include "common/unique_fd.hpp"
#include "runner/report/printable.hpp"
#include "runner/stacks/output.hpp"
#include "runner/stacks/symbols.hpp"

namespace joust::stacks {
namespace {

constexpr std::size_t kMostFrames = 256;
constexpr std::size_t kMostModules = 64;

struct Module {
  std::uint64_t base = 0;
  std::string build_id;
  std::string path;
};

struct Crash {
  Stack stack;
  std::vector<Module> modules;
  std::vector<std::string> other;  // lines
};

std::optional<std::uint64_t> hex(std::string_view text) {
  std::uint64_t number = 0;
  if (!text.starts_with("0x")) return std::nullopt;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, number, 16);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

// "0xBASE BUILDID PATH"
std::optional<Module> module_in(std::string_view text) {
  const std::size_t id = text.find(' ');
  const std::size_t path = id == std::string_view::npos ? id : text.find(' ', id + 1);
  const auto base = hex(text.substr(0, id));
  if (!base || path == std::string_view::npos) return std::nullopt;
  return Module{*base, std::string(text.substr(id + 1, path - id - 1)),
                std::string(text.substr(path + 1))};
}

// Whether the line told of a frame or a module.
bool take(const std::string& line, Crash& crash) {
  const std::size_t space = line.find(' ');
  const std::string word = line.substr(0, space);
  const std::string_view rest =
      space == std::string::npos ? std::string_view() : std::string_view(line).substr(space + 1);
  if (word == "pc" || word == "frame") {
    const auto address = hex(rest);
    auto& part = crash.stack.left_out == 0 ? crash.stack.inner : crash.stack.outer;
    if (!address || part.size() == kMostFrames) return false;
    part.push_back({*address, word == "frame"});
    return true;
  }
  if (word == "skipped") {
    const auto count = parse_number<std::uint32_t>(rest);
    if (!count || crash.stack.left_out > 0) return false;
    crash.stack.left_out = *count;
    return true;
  }
  if (word != "module") return false;
  auto module = module_in(rest);
  if (!module || crash.modules.size() == kMostModules) return false;
  crash.modules.push_back(std::move(*module));
  return true;
}

Crash parse(const std::string& record) {
  Crash crash;
  std::istringstream lines(record);
  for (std::string line; std::getline(lines, line);) {
    if (line != "end" && !take(line, crash)) crash.other.push_back(report::printable(line));
  }
  return crash;
}

// Why the module cannot be used; empty if it can.
std::string load(const Session& session, const Module& module) {
  // a record may name any file: one that is no file of bytes could keep us waiting
  UniqueFd file(::open(module.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat facts {};
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return "it is not there any more";
  }
  Dwfl_Module* const loaded = dwfl_report_elf(session.get(), module.path.c_str(),
                                              module.path.c_str(), file.get(), module.base, true);
  if (loaded == nullptr) return dwfl_trouble();
  file.release();
  const std::string id = build_id_of(loaded);
  return id == module.build_id ? "" : fmt::format("the file has build id {} now", id);
}

}  // namespace

bool print_crash(const std::string& record) {
  const Crash crash = parse(record);
  Session session;
  std::string text;
  for (const std::string& line : crash.other) text += line + "\n";
  std::string troubles;
  for (const Module& module : crash.modules) {
    const std::string trouble = load(session, module);
    if (trouble.empty()) continue;
    troubles += fmt::format("  names of {} may be missing or wrong: {}\n",
                            report::printable(module.path), report::printable(trouble));
  }
  dwfl_report_end(session.get(), nullptr, nullptr);
  for (const std::string& line : session.describe(crash.stack)) text += "    " + line + "\n";
  for (const std::string& module : session.modules()) text += fmt::format("  module {}\n", module);
  print(text + troubles);
  return !crash.stack.inner.empty();
}

}  // namespace joust::stacks
