#include "runner/machine/control_groups.hpp"

#include <optional>
#include <sstream>
#include <string>

#include "common/whole_file.hpp"

namespace joust::machine {
namespace {

namespace fs = std::filesystem;

bool is_listed(std::string_view word, std::string_view list) {
  std::istringstream words{std::string(list)};
  for (std::string each; std::getline(words, each, ',');) {
    if (each == word) return true;
  }
  return false;
}

struct Mount {
  std::string root;  // the part of the hierarchy that is seen there
  fs::path point;
};

// A line of proc(5)'s mountinfo: id, parent, device, root, mount point, options, optional fields, a
// dash, the file system's type, its source, and its options, among them version 1's controllers.
std::optional<Mount> read_mount(const std::string& line, std::string_view controller) {
  const std::size_t dash = line.find(" - ");
  if (dash == std::string::npos) return std::nullopt;
  std::istringstream about(line.substr(dash + 3));
  std::string type;
  std::string source;
  std::string options;
  about >> type >> source >> options;
  const bool wanted =
      controller.empty() ? type == "cgroup2" : type == "cgroup" && is_listed(controller, options);
  if (!wanted) return std::nullopt;
  std::istringstream fields(line);
  std::string skipped;
  std::string root;
  std::string point;
  if (fields >> skipped >> skipped >> skipped >> root >> point) return Mount{root, point};
  return std::nullopt;
}

std::optional<Mount> find_mount(std::string_view controller, const fs::path& root) {
  std::istringstream lines(read_whole_file(root / "proc/self/mountinfo").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (auto mount = read_mount(line, controller)) return mount;
  }
  return std::nullopt;
}

// A line of /proc/self/cgroup: number, controllers (none in version 2), path, parted by colons.
std::optional<std::string> own_path(std::string_view controller, const fs::path& root) {
  std::istringstream lines(read_whole_file(root / "proc/self/cgroup").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool wanted =
        controller.empty() ? controllers.empty() : is_listed(controller, controllers);
    if (wanted) return line.substr(second + 1);
  }
  return std::nullopt;
}

}  // namespace

std::vector<fs::path> own_groups(std::string_view controller, const fs::path& root) {
  const auto mount = find_mount(controller, root);
  auto path = mount ? own_path(controller, root) : std::nullopt;
  if (!path) return {};
  if (mount->root != "/") {
    if (!path->starts_with(mount->root)) return {};
    path->erase(0, mount->root.size());
  }
  const fs::path point = root / mount->point.relative_path();
  std::vector<fs::path> groups;
  for (fs::path group = fs::path(*path).relative_path(); !group.empty();
       group = group.parent_path()) {
    groups.push_back(point / group);
  }
  groups.push_back(point);
  return groups;
}

}  // namespace joust::machine
