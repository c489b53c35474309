#include "tests/support/xml_check.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "tests/support/scratch_folder.hpp"

namespace joust::test {

std::string xml_faults(const std::string& xml, const std::string& description) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "report.xml";
  write_text(file, xml);
  const std::string command = "xmllint --noout --huge --relaxng '" JOUST_TEST_DATA "/" +
                              description + "' '" + file.string() + "' 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("can not run xmllint");
  std::string said;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.append(buffer.data(), got);
  }
  const int status = ::pclose(pipe);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  constexpr int kNotFound = 127;
  if (code == kNotFound) throw std::runtime_error("there is no xmllint: " + said);
  return code == 0 ? "" : said;
}

}  // namespace joust::test
