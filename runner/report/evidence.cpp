#include "runner/report/evidence.hpp"

#include <fstream>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;

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

}  // namespace

std::string short_frame(std::string_view line) {
  const std::size_t address = line.find(" 0x");
  const std::size_t name =
      line.find(' ', address == std::string_view::npos ? address : address + 1);
  if (!line.starts_with('#') || name == std::string_view::npos) return std::string(line);
  std::string_view rest = line.substr(name + 1);
  const std::string_view module = cut_at_last(rest, " in ");
  std::string_view place = cut_at_last(rest, " at ");
  place.remove_prefix(place.rfind('/') == std::string_view::npos ? 0 : place.rfind('/') + 1);
  const std::string_view number = line.substr(0, line.find(' '));
  std::string text = std::string(number) + (number.size() < 3 ? "  " : " ") + plain_function(rest);
  if (!place.empty()) return text.append(" at ").append(place);
  return module.empty() ? text : text.append(" in ").append(module);
}

std::vector<std::string> top_frames(const std::filesystem::path& file, std::size_t count) {
  std::vector<std::string> frames;
  std::vector<std::string> others;
  for (std::string& line : lines_of(read_head(file))) {
    const bool is_frame = line.starts_with('#');
    if (!is_frame && !frames.empty()) break;
    if (line.empty()) continue;
    auto& kind = is_frame ? frames : others;
    if (kind.size() < count) kind.push_back(is_frame ? short_frame(line) : std::move(line));
  }
  return frames.empty() ? others : frames;
}

}  // namespace joust::report
