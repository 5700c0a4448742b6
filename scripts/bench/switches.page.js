/**
 * Runs in the reader's page: goes to the next chapter again and again, and measures each from the message that brings it
 * to the end of the frame that shows it. Hands back milliseconds.
 */
async (count) => {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  }));
  const times = [];
  for (let index = 0; index < count; index++) {
    const shown = new Promise((resolve) => {
      const listen = async ({ data, timeStamp }) => {
        if (data.type !== 'show') return;
        removeEventListener('message', listen);
        await painted();
        resolve(performance.now() - timeStamp);
      };
      addEventListener('message', listen);
    });
    document.querySelector('.neighbour.next').click();
    times.push(await shown);
  }
  return times;
};
