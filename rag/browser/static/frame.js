// On a narrow screen the sidebar lies over the page: it goes away once a page or chat was chosen.
export default function ({ data }) {
  const before = window.onrecordPage;
  window.onrecordPage = data.page;
  if (before === undefined || before === data.page || window.innerWidth >= 768) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
