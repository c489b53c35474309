#include "runner/report/evidence.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <optional>
#include <utility>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;
constexpr std::size_t kMostThreads = 2;

std::string read_head(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(kHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return head;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = printable(std::string_view(text).substr(at, end - at));
    const std::size_t first = line.find_first_not_of(' ');
    lines.push_back(first == std::string::npos ? "" : line.substr(first));
    at = end + 1;
  }
  return lines;
}

// Cuts the text at the last occurrence of a mark; what follows the mark, or nothing.
std::string_view cut_at_last(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view tail = text.substr(at + mark.size());
  text = text.substr(0, at);
  return tail;
}

// "f(int (*)(char))" -> "f"
std::string_view without_parameters(std::string_view name) {
  if (!name.ends_with(')') || name.ends_with("operator()")) return name;
  int depth = 0;
  for (std::size_t at = name.size(); at-- > 1;) {
    if (name[at] == ')') ++depth;
    if (name[at] == '(') --depth;
    if (depth == 0) return name.substr(0, at);
  }
  return name;
}

std::string without(std::string text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
  return text;
}

std::string_view without_end(std::string_view text, std::string_view end) {
  return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text;
}

// "ns::(anonymous namespace)::f(int) [clone .cold]+0x1f" -> "ns::f"
std::string plain_function(std::string_view name) {
  cut_at_last(name, "+0x");
  while (name.ends_with(']') && !cut_at_last(name, " [clone").empty()) {
  }
  name = without_end(without_end(name, " (inlined)"), " const");
  return without(std::string(without_parameters(name)), "(anonymous namespace)::");
}

// A frame as joust-stacks prints it, taken apart:
// "NUMBER ADDRESS FUNCTION at SOURCE in MODULE", without a source where none is known.
struct FrameParts {
  std::string_view number;
  std::string_view function;
  std::string_view source;  // path and line
  std::string_view module;
};

std::optional<FrameParts> take_apart(std::string_view line) {
  const std::size_t address = line.find(" 0x");
  const std::size_t name =
      line.find(' ', address == std::string_view::npos ? address : address + 1);
  if (!line.starts_with('#') || name == std::string_view::npos) return std::nullopt;
  FrameParts parts;
  parts.number = line.substr(0, line.find(' '));
  parts.function = line.substr(name + 1);
  parts.module = cut_at_last(parts.function, " in ");
  parts.source = cut_at_last(parts.function, " at ");
  return parts;
}

// The C library has no source here, unless its debug information is installed; the C++ library has
// its headers. A frame of another form than that of joust-stacks is not known to be a library's.
bool is_of_library(std::string_view line) {
  constexpr std::array<std::string_view, 8> kLibraries = {"libc.so",   "libpthread", "ld-linux",
                                                          "libstdc++", "libgcc_s",   "libasan",
                                                          "libtsan",   "libpython"};
  const auto parts = take_apart(line);
  if (!parts) return false;
  return parts->source.empty() || parts->source.starts_with("/usr/include/") ||
         parts->source.starts_with("/usr/lib/") ||
         std::any_of(kLibraries.begin(), kLibraries.end(), [&parts](std::string_view library) {
           return parts->module.starts_with(library);
         });
}

struct Frame {
  std::string text;  // shortened
  bool is_own = false;
};

struct Thread {
  std::string heading;  // "thread 4711 name, state S (sleeping)"
  std::vector<Frame> frames;

  bool has_own() const {
    return std::any_of(frames.begin(), frames.end(),
                       [](const auto& frame) { return frame.is_own; });
  }
};

// Of each thread: a frame #0 begins one, the last line before it that begins with "thread" names
// it. Leaves in `others` the lines before the first frame.
std::vector<Thread> threads_in(const std::string& text, std::vector<std::string>& others) {
  std::vector<Thread> threads;
  std::string heading;
  for (std::string& line : lines_of(text)) {
    if (line.starts_with("#")) {
      if (threads.empty() || line.starts_with("#0 ")) {
        threads.push_back({std::exchange(heading, {}), {}});
      }
      threads.back().frames.push_back({short_frame(line), !is_of_library(line)});
    } else {
      if (line.starts_with("thread ")) heading = line;
      if (threads.empty() && !line.empty()) others.push_back(std::move(line));
    }
  }
  return threads;
}

// Frame #0 says what the thread waits for or what it died of; of what is behind it, the libraries'
// frames say nothing.
void append_frames(const Thread& thread, std::size_t count, std::vector<std::string>& lines) {
  const bool all = !thread.has_own();
  std::size_t taken = 0;
  for (std::size_t i = 0; i < thread.frames.size() && taken < count; ++i) {
    if (!all && i > 0 && !thread.frames[i].is_own) continue;
    lines.push_back(thread.frames[i].text);
    ++taken;
  }
}

}  // namespace

std::string short_frame(std::string_view line) {
  const auto parts = take_apart(line);
  if (!parts) return std::string(line);
  std::string text(parts->number);
  text.append(text.size() < 3 ? "  " : " ").append(plain_function(parts->function));
  const std::string_view file = parts->source.substr(parts->source.rfind('/') + 1);
  if (!file.empty()) return text.append(" at ").append(file);
  return parts->module.empty() ? text : text.append(" in ").append(parts->module);
}

std::vector<std::string> top_frames(const std::filesystem::path& file, std::size_t count) {
  std::vector<std::string> lines;
  std::vector<Thread> threads = threads_in(read_head(file), lines);
  if (threads.empty()) {
    lines.resize(std::min(lines.size(), count));
    return lines;
  }
  lines.clear();
  if (std::none_of(threads.begin(), threads.end(), std::mem_fn(&Thread::has_own))) {
    append_frames(threads.front(), count, lines);
    return lines;
  }
  std::erase_if(threads, [](const Thread& thread) { return !thread.has_own(); });
  const std::size_t shown = std::min(threads.size(), kMostThreads);
  for (std::size_t i = 0; i < shown; ++i) {
    if (shown > 1 && !threads[i].heading.empty()) lines.push_back(threads[i].heading);
    append_frames(threads[i], count, lines);
  }
  if (shown < threads.size()) lines.emplace_back("and more threads");
  return lines;
}

}  // namespace joust::report
